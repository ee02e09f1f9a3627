-- The sample shop for SQLite. Every value comes from a row's number: no chance, no download.
-- The last comment line before each statement is shown while it runs.

-- Preparing
PRAGMA journal_mode = OFF;

-- Preparing
PRAGMA synchronous = OFF;

-- Regions
CREATE TABLE regions (
    region_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    currency TEXT NOT NULL,
    launched DATE NOT NULL
);

-- Regions
INSERT INTO regions VALUES
    (1, 'Northern Europe', 'EUR', '2019-03-01'),
    (2, 'Southern Europe', 'EUR', '2019-09-15'),
    (3, 'North America', 'USD', '2020-02-01'),
    (4, 'Latin America', 'BRL', '2021-05-10'),
    (5, 'East Asia', 'JPY', '2021-11-01'),
    (6, 'South Asia', 'INR', '2022-04-20'),
    (7, 'Middle East and Africa', 'ZAR', '2023-01-09');

-- Names to draw from
CREATE TEMP TABLE first_names AS
SELECT key AS id, value AS name FROM json_each('["Anna", "Liam", "Sofía", "Noah", "Zoë", "Mateo", "Aylin",
    "Lukas", "Chloé", "Hiroshi", "Priya", "Björn", "Fatima", "Oliver", "Ingrid", "Tomás", "Mei", "Omar",
    "Elena", "Jan", "Amara", "Søren", "Leila", "Marek", "Yuki", "Nia", "Pedro", "Hannah", "Ravi",
    "Camille", "Arjun", "Freya", "Diego", "Saoirse", "Kwame", "Isabella", "Nikolai", "Emma", "美咲"]');

-- Names to draw from
CREATE TEMP TABLE last_names AS
SELECT key AS id, value AS name FROM json_each('["Müller", "Smith", "García", "Rossi", "Nowak", "Tanaka",
    "Silva", "Kumar", "Johansson", "Dubois", "Okafor", "Novák", "Andersen", "Haddad", "O''Brien",
    "Ferreira", "Chen", "Kowalska", "Schmidt", "Yılmaz", "Moreau", "Ivanova", "Fernández",
    "van den Berg", "Lindqvist", "Singh", "Mensah", "Kim", "Murphy", "Bianchi", "Suzuki", "Costa",
    "Jensen", "Petrov", "Nguyen", "Lopez", "李"]');

-- Cities to draw from
CREATE TEMP TABLE cities AS
SELECT key AS id, value ->> 0 AS city, value ->> 1 AS country, value ->> 2 AS region_id
FROM json_each('[["Stockholm", "SE", 1], ["Oslo", "NO", 1], ["Berlin", "DE", 1], ["Köln", "DE", 1],
    ["Dublin", "IE", 1], ["Kraków", "PL", 1], ["Lyon", "FR", 2], ["Milano", "IT", 2], ["Sevilla", "ES", 2],
    ["Porto", "PT", 2], ["Portland", "US", 3], ["Austin", "US", 3], ["Chicago", "US", 3],
    ["Montréal", "CA", 3], ["São Paulo", "BR", 4], ["Bogotá", "CO", 4], ["東京", "JP", 5], ["서울", "KR", 5],
    ["Pune", "IN", 6], ["Colombo", "LK", 6], ["Nairobi", "KE", 7], ["القاهرة", "EG", 7],
    ["Cape Town", "ZA", 7]]');

-- Goods to draw from
CREATE TEMP TABLE goods AS
SELECT key AS id, value ->> 0 AS name, value ->> 1 AS category, value ->> 2 AS price
FROM json_each('[["desk lamp", "Lighting", 49], ["floor lamp", "Lighting", 129],
    ["office chair", "Furniture", 219], ["standing desk", "Furniture", 489], ["bookshelf", "Furniture", 159],
    ["notebook", "Stationery", 9], ["fountain pen", "Stationery", 39], ["paper tray", "Stationery", 19],
    ["keyboard", "Electronics", 99], ["monitor", "Electronics", 329], ["headphones", "Electronics", 179],
    ["mug", "Kitchen", 14]]');

-- Goods to draw from
CREATE TEMP TABLE materials AS
SELECT key AS id, value AS name FROM json_each('["Oak", "Linen", "Copper", "Granite", "Walnut", "Alpine",
    "Harbour", "Meadow", "Nordic", "Slate", "Cedar", "Amber", "Polar", "Willow", "Ember"]');

-- Numbers to draw with
CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY, draw INTEGER NOT NULL);

-- Numbers to draw with
INSERT INTO numbers
WITH RECURSIVE counted (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < 1000000)
SELECT i, ((i * i % 2147483647) * 48271 + i * 69621) % 2147483647 FROM counted;

-- Customers
CREATE TABLE customers (
    customer_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL COLLATE NOCASE,
    segment TEXT NOT NULL CHECK (segment IN ('Consumer', 'Small business', 'Enterprise', 'Public sector')),
    city TEXT NOT NULL,
    country TEXT NOT NULL,
    region_id INTEGER NOT NULL REFERENCES regions (region_id),
    since DATE NOT NULL,
    credit_limit NUMERIC,
    newsletter BOOLEAN NOT NULL
);

-- 50,000 customers
INSERT INTO customers
SELECT
    n.i,
    f.name || ' ' || l.name,
    lower(f.name) || '.' || n.i || CASE n.draw % 3 WHEN 0 THEN '@example.com' WHEN 1 THEN '@example.org'
        ELSE '@example.net' END,
    CASE n.draw / 7 % 10 WHEN 9 THEN 'Public sector' WHEN 8 THEN 'Enterprise' WHEN 7 THEN 'Small business'
        WHEN 6 THEN 'Small business' ELSE 'Consumer' END,
    c.city,
    c.country,
    c.region_id,
    date('2019-03-01', '+' || CAST(sqrt(n.draw / 11 % 10000 / 10000.0) * 2600 AS INTEGER) || ' days'),
    CASE n.draw / 7 % 10 WHEN 8 THEN 25000 + n.draw / 13 % 16 * 5000 WHEN 7 THEN 1000 + n.draw / 13 % 18 * 500 END,
    n.draw / 17 % 5 < 2
FROM numbers AS n
JOIN first_names AS f ON f.id = n.draw / 19 % 39
JOIN last_names AS l ON l.id = n.draw / 1009 % 37
JOIN cities AS c ON c.id = n.draw / 101 % 23
WHERE n.i <= 50000
ORDER BY n.i;

-- Products
CREATE TABLE products (
    product_id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    price NUMERIC NOT NULL CHECK (price > 0),
    weight_kg REAL,
    tags TEXT,
    discontinued BOOLEAN NOT NULL DEFAULT false,
    price_with_tax NUMERIC GENERATED ALWAYS AS (round(price * 1.2, 2)) VIRTUAL
);

-- 1,800 products
INSERT INTO products (product_id, sku, name, category, price, weight_kg, tags, discontinued)
SELECT
    n.i,
    upper(substr(g.category, 1, 3)) || '-' || printf('%04d', n.i),
    m.name || ' ' || g.name || CASE WHEN n.i > 180 THEN ' ' || (1 + (n.i - 1) / 180) ELSE '' END,
    g.category,
    CAST(g.price * (0.7 + n.draw % 80 / 100.0) AS INTEGER) + 0.99 - n.draw / 3 % 2 * 0.49,
    CASE WHEN n.draw / 5 % 12 > 0 THEN round(0.1 + g.price / 35.0 + n.draw / 5 % 100 / 50.0, 2) END,
    CASE n.draw / 7 % 5 WHEN 0 THEN '["new"]' WHEN 1 THEN '["sale", "last pieces"]' WHEN 2 THEN '[]' END,
    n.draw / 11 % 25 = 0
FROM numbers AS n
JOIN goods AS g ON g.id = (n.i - 1) % 12
JOIN materials AS m ON m.id = (n.i - 1) / 12 % 15
WHERE n.i <= 1800
ORDER BY n.i;

-- Orders
CREATE TABLE orders (
    order_id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
    product_id INTEGER NOT NULL REFERENCES products (product_id),
    ordered_at DATETIME NOT NULL,
    quantity INTEGER NOT NULL,
    amount NUMERIC NOT NULL,
    status TEXT NOT NULL,
    channel TEXT NOT NULL,
    note TEXT
);

-- 1,000,000 orders
INSERT INTO orders
SELECT
    n.i,
    1 + n.draw % 50000,
    p.product_id,
    datetime(1640995200 + n.i * 141 + n.draw % 72000, 'unixepoch'),
    1 + n.draw / 3 % 9 / 4,
    round((1 + n.draw / 3 % 9 / 4) * p.price, 2),
    CASE n.draw / 7 % 100 WHEN 0 THEN 'cancelled' WHEN 1 THEN 'cancelled' WHEN 2 THEN 'returned'
        WHEN 3 THEN 'returned' WHEN 4 THEN 'pending' ELSE 'delivered' END,
    CASE n.draw / 11 % 7 WHEN 0 THEN 'app' WHEN 1 THEN 'app' WHEN 2 THEN 'store' WHEN 3 THEN 'phone' ELSE 'web' END,
    CASE n.draw / 13 % 211 WHEN 0 THEN 'Please ring twice' WHEN 1 THEN 'Gift wrap 🎁' END
FROM numbers AS n
CROSS JOIN products AS p ON p.product_id = 1 + n.draw / 50021 % 1800
ORDER BY n.i;

-- A table with every kind of value
CREATE TABLE types (
    label TEXT,
    an_integer INTEGER,
    a_real REAL,
    a_text TEXT,
    a_blob BLOB,
    a_numeric NUMERIC,
    a_boolean BOOLEAN,
    a_date DATE,
    a_datetime DATETIME,
    a_json JSON,
    a_varchar VARCHAR(20),
    a_decimal DECIMAL(10, 2),
    anything
);

-- A table with every kind of value
INSERT INTO types VALUES
    ('ordinary', 42, 1.5, 'plain text', x'00ff1061', 12.50, true, '2026-02-28', '2026-02-28 12:34:56.789',
     '{"a": [1, 2, {"b": null}]}', 'varying', 99.95, 'text in a column without a type'),
    ('smallest', -9223372036854775808, -9e999, '', x'', 0, false, '0001-01-01', '0001-01-01 00:00:00', '[]', '',
     -99999999.99, -1),
    ('greatest', 9223372036854775807, 9e999, printf('%.*c', 10000, 'x'), zeroblob(300), 1e300, 1, '9999-12-31',
     '9999-12-31 23:59:59', '{}', 'longer than its twenty characters, which is allowed', 99999999.99, 1.5),
    ('any value in any column', 'text', 'text', 12, 'text', x'ff', 'maybe', 20000, 1.5, 'not json', 5, 'n/a', x'00'),
    ('نص من اليمين إلى اليسار', NULL, NULL,
     'mixed: עברית and English, 漢字かな交じり文, 한국어, Ελληνικά, हिन्दी, e + ◌́ = é, 👩🏽‍🚀🏳️‍🌈👨‍👩‍👧, ‮reversed‬, zero​width',
     NULL, NULL, NULL, NULL, NULL, '"日本"', '🦆', NULL, NULL),
    ('lines and markup', NULL, NULL,
     'first line' || char(10) || 'second line' || char(13, 10, 9) || 'tabbed; <b>not bold</b> <img src=x> =1+1',
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('not UTF-8, and a NUL', 0, 0.0, CAST(x'66ff6f80' AS TEXT), x'66ff6f80', 0, 0, NULL, NULL, NULL, 'a' || char(0) || 'b', 0, NULL),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- A strict table without rowid
CREATE TABLE rates (
    currency TEXT NOT NULL,
    day TEXT NOT NULL,
    rate REAL NOT NULL,
    PRIMARY KEY (currency, day)
) STRICT, WITHOUT ROWID;

-- A strict table without rowid
INSERT INTO rates
SELECT r.value ->> 0, date('2026-01-01', '+' || n.i || ' days'), round((r.value ->> 1) * (0.97 + n.draw % 60 / 1000.0), 4)
FROM json_each('[["USD", 1.09], ["BRL", 5.9], ["JPY", 163.0], ["INR", 90.5], ["ZAR", 20.1]]') AS r
JOIN numbers AS n ON n.i <= 180;

-- Names that need quotes
CREATE TABLE "Odd names, quoted" ("select" INTEGER, "with ""quotes""" TEXT, "Größe" REAL, "列" TEXT);

-- Names that need quotes
INSERT INTO "Odd names, quoted" VALUES (1, 'a "quoted" word', 1.86, '値'), (2, NULL, NULL, NULL);

-- An empty table
CREATE TABLE wishlist (
    customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
    product_id INTEGER NOT NULL REFERENCES products (product_id),
    added_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (customer_id, product_id)
);

-- Views
CREATE VIEW monthly_revenue AS
SELECT strftime('%Y-%m', ordered_at) AS month, count(*) AS orders, round(sum(amount), 2) AS revenue
FROM orders
WHERE status NOT IN ('cancelled', 'returned')
GROUP BY month
ORDER BY month;

-- Views
CREATE VIEW customer_value AS
SELECT c.customer_id, c.name, c.segment, c.country, count(o.order_id) AS orders, round(sum(o.amount), 2) AS revenue
FROM customers AS c
LEFT JOIN orders AS o USING (customer_id)
GROUP BY c.customer_id;

-- Indexes
CREATE INDEX customers_by_country ON customers (country, city);

-- Indexes
CREATE INDEX orders_by_customer ON orders (customer_id);

-- A trigger
CREATE TRIGGER wishlist_of_known_goods BEFORE INSERT ON wishlist
WHEN (SELECT discontinued FROM products WHERE product_id = new.product_id)
BEGIN
    SELECT raise(ABORT, 'this product is no longer made');
END;

-- Finishing
ANALYZE;

-- Finishing
PRAGMA journal_mode = DELETE;
