-- The sample shop for DuckDB. Every value comes from a row's number: no chance, no download.
-- The last comment line before each statement is shown while it runs.

-- Preparing
CREATE TEMP MACRO draw(number, salt, sides) AS CAST(hash(number, salt) % sides AS BIGINT);

-- Preparing
CREATE TABLE regions (
    region_id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL UNIQUE,
    currency VARCHAR NOT NULL,
    launched DATE NOT NULL
);

-- Regions
INSERT INTO regions VALUES
    (1, 'Northern Europe', 'EUR', DATE '2019-03-01'),
    (2, 'Southern Europe', 'EUR', DATE '2019-09-15'),
    (3, 'North America', 'USD', DATE '2020-02-01'),
    (4, 'Latin America', 'BRL', DATE '2021-05-10'),
    (5, 'East Asia', 'JPY', DATE '2021-11-01'),
    (6, 'South Asia', 'INR', DATE '2022-04-20'),
    (7, 'Middle East and Africa', 'ZAR', DATE '2023-01-09');

-- Cities and names to draw from
CREATE TEMP TABLE pool AS
SELECT
    ['Anna', 'Liam', 'Sofía', 'Noah', 'Zoë', 'Mateo', 'Aylin', 'Lukas', 'Chloé', 'Hiroshi',
     'Priya', 'Björn', 'Fatima', 'Oliver', 'Ingrid', 'Tomás', 'Mei', 'Omar', 'Elena', 'Jan',
     'Amara', 'Søren', 'Leila', 'Marek', 'Yuki', 'Nia', 'Pedro', 'Hannah', 'Ravi', 'Camille',
     'Arjun', 'Freya', 'Diego', 'Saoirse', 'Kwame', 'Isabella', 'Nikolai', 'Thandiwe', 'Emma', '美咲']
        AS first_names,
    ['Müller', 'Smith', 'García', 'Rossi', 'Nowak', 'Tanaka', 'Silva', 'Kumar', 'Johansson', 'Dubois',
     'Okafor', 'Novák', 'Andersen', 'Haddad', 'O''Brien', 'Ferreira', 'Chen', 'Kowalska', 'Schmidt',
     'Yılmaz', 'Moreau', 'Ivanova', 'Fernández', 'van den Berg', 'Lindqvist', 'Singh', 'Mensah',
     'Kim', 'Murphy', 'Bianchi', 'Suzuki', 'Costa', 'Jensen', 'Petrov', 'Nguyen', 'Lopez', '李']
        AS last_names,
    [{'city': 'Stockholm', 'country': 'SE', 'region': 1}, {'city': 'Oslo', 'country': 'NO', 'region': 1},
     {'city': 'Berlin', 'country': 'DE', 'region': 1}, {'city': 'Köln', 'country': 'DE', 'region': 1},
     {'city': 'Dublin', 'country': 'IE', 'region': 1}, {'city': 'Kraków', 'country': 'PL', 'region': 1},
     {'city': 'Lyon', 'country': 'FR', 'region': 2}, {'city': 'Milano', 'country': 'IT', 'region': 2},
     {'city': 'Sevilla', 'country': 'ES', 'region': 2}, {'city': 'Porto', 'country': 'PT', 'region': 2},
     {'city': 'Portland', 'country': 'US', 'region': 3}, {'city': 'Austin', 'country': 'US', 'region': 3},
     {'city': 'Chicago', 'country': 'US', 'region': 3}, {'city': 'Montréal', 'country': 'CA', 'region': 3},
     {'city': 'São Paulo', 'country': 'BR', 'region': 4}, {'city': 'Bogotá', 'country': 'CO', 'region': 4},
     {'city': '東京', 'country': 'JP', 'region': 5}, {'city': '서울', 'country': 'KR', 'region': 5},
     {'city': 'Pune', 'country': 'IN', 'region': 6}, {'city': 'Colombo', 'country': 'LK', 'region': 6},
     {'city': 'Nairobi', 'country': 'KE', 'region': 7}, {'city': 'القاهرة', 'country': 'EG', 'region': 7},
     {'city': 'Cape Town', 'country': 'ZA', 'region': 7}] AS cities,
    ['Consumer', 'Consumer', 'Consumer', 'Consumer', 'Consumer', 'Consumer', 'Small business',
     'Small business', 'Enterprise', 'Public sector'] AS segments,
    ['Oak', 'Linen', 'Copper', 'Granite', 'Walnut', 'Alpine', 'Harbour', 'Meadow', 'Nordic', 'Slate',
     'Cedar', 'Amber', 'Polar', 'Willow', 'Ember'] AS materials,
    [{'name': 'Desk lamp', 'category': 'Lighting', 'price': 49}, {'name': 'Floor lamp', 'category': 'Lighting', 'price': 129},
     {'name': 'Office chair', 'category': 'Furniture', 'price': 219}, {'name': 'Standing desk', 'category': 'Furniture', 'price': 489},
     {'name': 'Bookshelf', 'category': 'Furniture', 'price': 159}, {'name': 'Notebook', 'category': 'Stationery', 'price': 9},
     {'name': 'Fountain pen', 'category': 'Stationery', 'price': 39}, {'name': 'Paper tray', 'category': 'Stationery', 'price': 19},
     {'name': 'Keyboard', 'category': 'Electronics', 'price': 99}, {'name': 'Monitor', 'category': 'Electronics', 'price': 329},
     {'name': 'Headphones', 'category': 'Electronics', 'price': 179}, {'name': 'Mug', 'category': 'Kitchen', 'price': 14}]
        AS goods;

-- Customers
CREATE TABLE customers (
    customer_id INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    email VARCHAR NOT NULL,
    segment VARCHAR NOT NULL,
    city VARCHAR NOT NULL,
    country VARCHAR NOT NULL,
    region_id INTEGER NOT NULL REFERENCES regions (region_id),
    since DATE NOT NULL,
    credit_limit DECIMAL(12, 2),
    newsletter BOOLEAN NOT NULL
);

-- 50,000 customers
INSERT INTO customers
SELECT
    i,
    first_name || ' ' || last_name,
    strip_accents(lower(replace(replace(first_name, '美咲', 'misaki'), ' ', ''))) || '.' || i || '@example.'
        || CASE draw(i, 5, 3) WHEN 0 THEN 'com' WHEN 1 THEN 'org' ELSE 'net' END,
    segment,
    place.city,
    place.country,
    place.region,
    DATE '2019-03-01' + CAST(sqrt((draw(i, 6, 10000)) / 10000.0) * 2600 AS INTEGER),
    CASE segment
        WHEN 'Consumer' THEN NULL
        WHEN 'Enterprise' THEN 25000 + draw(i, 7, 16) * 5000
        ELSE 1000 + draw(i, 7, 18) * 500
    END,
    draw(i, 8, 5) < 2
FROM (
    SELECT
        i,
        first_names[1 + draw(i, 1, len(first_names))] AS first_name,
        last_names[1 + draw(i, 2, len(last_names))] AS last_name,
        cities[1 + draw(i, 3, len(cities))] AS place,
        segments[1 + draw(i, 4, len(segments))] AS segment
    FROM range(1, 50001) AS numbers (i), pool
) AS drawn;

-- Products
CREATE TABLE products (
    product_id INTEGER PRIMARY KEY,
    sku VARCHAR NOT NULL UNIQUE,
    name VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    price DECIMAL(10, 2) NOT NULL,
    weight_kg DOUBLE,
    tags VARCHAR[],
    size STRUCT(width_cm INTEGER, height_cm INTEGER, depth_cm INTEGER),
    discontinued BOOLEAN NOT NULL DEFAULT false,
    CHECK (price > 0)
);

-- 1,800 products
INSERT INTO products
SELECT
    i,
    printf('%s-%04d', upper(left(good.category, 3)), i),
    materials[1 + (i - 1) // len(goods) % len(materials)] || ' ' || lower(good.name)
        || CASE WHEN i > 180 THEN ' ' || printf('%d', 1 + (i - 1) // 180) ELSE '' END,
    good.category,
    CAST(good.price * (0.7 + (draw(i, 11, 80)) / 100.0) AS INTEGER) + 0.99 - draw(i, 12, 2) * 0.49,
    CASE WHEN draw(i, 13, 12) > 0 THEN round(0.1 + good.price / 35.0 + (draw(i, 13, 100)) / 50.0, 2) END,
    CASE draw(i, 14, 5)
        WHEN 0 THEN ['new'] WHEN 1 THEN ['sale', 'last pieces'] WHEN 2 THEN ['eco', 'new'] WHEN 3 THEN [] END,
    CASE WHEN good.category <> 'Electronics' THEN
        {'width_cm': 10 + draw(i, 15, 90), 'height_cm': 5 + draw(i, 16, 120), 'depth_cm': 5 + draw(i, 17, 60)} END,
    draw(i, 18, 25) = 0
FROM (SELECT i, materials, goods, goods[1 + (i - 1) % len(goods)] AS good
      FROM range(1, 1801) AS numbers (i), pool) AS drawn;

-- Orders
CREATE TABLE orders (
    order_id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
    product_id INTEGER NOT NULL,
    ordered_at TIMESTAMP NOT NULL,
    quantity SMALLINT NOT NULL,
    unit_price DECIMAL(10, 2) NOT NULL,
    discount DECIMAL(4, 2) NOT NULL,
    amount DECIMAL(12, 2) NOT NULL,
    status VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    note VARCHAR
);

-- 1,200,000 orders
INSERT INTO orders
SELECT
    order_id,
    customer_id,
    product_id,
    ordered_at,
    quantity,
    price,
    discount,
    round(quantity * price * (1 - discount), 2),
    CASE
        WHEN ordered_at > TIMESTAMP '2026-06-24' THEN ['pending', 'paid', 'paid', 'shipped'][1 + chance % 4]
        WHEN chance % 100 < 3 THEN 'cancelled'
        WHEN chance % 100 < 7 THEN 'returned'
        ELSE 'delivered'
    END,
    ['web', 'web', 'web', 'app', 'app', 'store', 'phone'][1 + chance // 100 % 7],
    CASE
        WHEN chance % 97 = 0 THEN 'Please ring twice'
        WHEN chance % 211 = 0 THEN 'Gift wrap 🎁'
        WHEN chance % 499 = 0 THEN 'Left with the neighbour, ' || chr(8220) || 'thank you' || chr(8221)
    END
FROM (
    SELECT
        i AS order_id,
        -- The power makes some customers buy often and most of them rarely.
        1 + CAST(pow((draw(i, 21, 1000003)) / 1000003.0, 1.25) * 49999 AS INTEGER) AS customer_id,
        1 + draw(i, 22, 1800) AS product_id,
        -- More orders each year.
        TIMESTAMP '2022-01-01' + to_seconds(CAST(141500000 * pow(i / 1200001.0, 0.8) AS BIGINT)
            + draw(i, 23, 72000)) AS ordered_at,
        [1, 1, 1, 1, 2, 2, 3, 5, 10][1 + draw(i, 24, 9)] AS quantity,
        [0, 0, 0, 0, 0, 0.05, 0.10, 0.25][1 + draw(i, 25, 8)] AS discount,
        draw(i, 26, 1000000007) AS chance
    FROM range(1, 1200001) AS numbers (i)
) AS drawn
JOIN (SELECT product_id, price FROM products) AS priced USING (product_id)
ORDER BY order_id;

-- 2,000,000 events
CREATE TABLE events AS
SELECT
    i AS event_id,
    CAST(1 + draw(i, 31, 50000) AS INTEGER) AS customer_id,
    TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i * 7 + draw(i, 32, 60)) AS happened_at,
    ['view', 'view', 'view', 'view', 'search', 'search', 'cart', 'checkout', 'login'][1 + draw(i, 33, 9)] AS kind,
    '/products/' || (1 + draw(i, 34, 1800)) AS page,
    CAST(20 + draw(i, 35, 1000) * (draw(i, 36, 10)) AS INTEGER) AS duration_ms,
    ['phone', 'laptop', 'tablet'][1 + draw(i, 37, 3)] AS device
FROM range(1, 2000001) AS numbers (i);

-- A table with every type
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');

-- A table with every type
CREATE TABLE types (
    label VARCHAR,
    a_boolean BOOLEAN,
    a_tinyint TINYINT,
    a_smallint SMALLINT,
    an_integer INTEGER,
    a_bigint BIGINT,
    a_hugeint HUGEINT,
    a_utinyint UTINYINT,
    a_usmallint USMALLINT,
    a_uinteger UINTEGER,
    a_ubigint UBIGINT,
    a_uhugeint UHUGEINT,
    a_float FLOAT,
    a_double DOUBLE,
    a_decimal DECIMAL(18, 3),
    a_wide_decimal DECIMAL(38, 10),
    a_varchar VARCHAR,
    a_blob BLOB,
    a_bit BIT,
    a_date DATE,
    a_time TIME,
    a_time_tz TIMETZ,
    a_timestamp TIMESTAMP,
    a_timestamp_s TIMESTAMP_S,
    a_timestamp_ms TIMESTAMP_MS,
    a_timestamp_ns TIMESTAMP_NS,
    a_timestamp_tz TIMESTAMPTZ,
    an_interval INTERVAL,
    a_uuid UUID,
    an_enum mood,
    a_list INTEGER[],
    an_array INTEGER[3],
    a_struct STRUCT(name VARCHAR, "the size" DOUBLE),
    a_map MAP(VARCHAR, INTEGER),
    a_union UNION(number INTEGER, word VARCHAR),
    a_list_of_structs STRUCT(k VARCHAR, v DECIMAL(5, 2))[],
    a_list_of_lists VARCHAR[][]
);

-- A table with every type
INSERT INTO types (label, a_boolean, a_tinyint, a_smallint, an_integer, a_bigint, a_hugeint, a_utinyint,
    a_usmallint, a_uinteger, a_ubigint, a_uhugeint, a_float, a_double, a_decimal, a_wide_decimal, a_varchar,
    a_blob, a_bit, a_date, a_time, a_time_tz, a_timestamp, a_timestamp_s, a_timestamp_ms, a_timestamp_ns,
    a_timestamp_tz, an_interval, a_uuid, an_enum, a_list, an_array, a_struct, a_map, a_union,
    a_list_of_structs, a_list_of_lists)
VALUES
    ('ordinary', true, 7, 1234, 123456, 9007199254740993, 170141183460469231731687303715884105727, 200, 60000,
     4000000000, 18000000000000000000, 1, 1.5, 0.1, 1234567.891, 1234567890.0123456789, 'plain text',
     '\x00\xFF\x10abc'::BLOB, '0101101'::BIT, '2026-02-28', '12:34:56.789', '12:34:56+02', '2026-02-28 12:34:56.789012',
     '2026-02-28 12:34:56', '2026-02-28 12:34:56.789', '2026-02-28 12:34:56.789012345', '2026-02-28 12:34:56+00',
     INTERVAL '1 year 2 months 3 days 4 hours', '0f8fad5b-d9cb-469f-a165-70867728950e', 'happy', [1, 2, NULL],
     [1, 2, 3], {'name': 'box', 'the size': 2.5}, MAP {'a': 1, 'b': 2}, 42,
     [{'k': 'x', 'v': 1.25}, {'k': NULL, 'v': NULL}], [['a', 'b'], [], NULL]),
    ('smallest', false, -128, -32768, -2147483648, -9223372036854775808,
     -170141183460469231731687303715884105728, 0, 0, 0, 0, 0, '-inf', 5e-324, -999999999999999.999,
     -9999999999999999999999999999.9999999999, '', ''::BLOB, '0'::BIT, '0001-01-01', '00:00:00', '00:00:00+15:59',
     '0001-01-01 00:00:00', '0001-01-01 00:00:00', '0001-01-01 00:00:00', '1677-09-22 00:00:00', '0001-01-01 00:00:00+00',
     INTERVAL '-999 years', '00000000-0000-0000-0000-000000000000', 'sad', [], [0, 0, 0], {'name': '', 'the size': 0},
     MAP {}, '', [], []),
    ('greatest', true, 127, 32767, 2147483647, 9223372036854775807, 170141183460469231731687303715884105727,
     255, 65535, 4294967295, 18446744073709551615, 340282366920938463463374607431768211455, 'inf', 1.7976931348623157e308,
     999999999999999.999, 9999999999999999999999999999.9999999999, repeat('long ', 2000), encode(repeat('x', 300)),
     '1111111111111111'::BIT, '9999-12-31', '23:59:59.999999', '23:59:59.999999-15:59', '9999-12-31 23:59:59.999999',
     '9999-12-31 23:59:59', '9999-12-31 23:59:59.999', '2262-04-11 00:00:00', '9999-12-31 23:59:59+00',
     INTERVAL '999 years', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'ok', range(100)::INTEGER[],
     [2147483647, -2147483648, NULL], {'name': 'big', 'the size': 'nan'}, MAP {'': 0}, 'word',
     [{'k': 'y', 'v': 999.99}], [[NULL]]),
    ('نص من اليمين إلى اليسار', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'nan', 'nan', NULL, NULL,
     'mixed: עברית and English, 漢字かな交じり文, 한국어, Ελληνικά, हिन्दी, e + ◌́ = é, 👩🏽‍🚀🏳️‍🌈👨‍👩‍👧, ‮reversed‬, zero​width',
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     {'name': '日本', 'the size': NULL}, MAP {'🦆': 1}, NULL, NULL, NULL),
    ('lines and markup', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     E'first line\nsecond line\r\n\ttabbed; <b>not bold</b> <img src=x> =1+1', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Names that need quotes
CREATE TABLE "Odd names, quoted" ("select" INTEGER, "with ""quotes""" VARCHAR, "Größe" DOUBLE, "列" VARCHAR);

-- Names that need quotes
INSERT INTO "Odd names, quoted" VALUES (1, 'a "quoted" word', 1.86, '値'), (2, NULL, NULL, NULL);

-- An empty table
CREATE TABLE wishlist (
    customer_id INTEGER NOT NULL REFERENCES customers (customer_id),
    product_id INTEGER NOT NULL REFERENCES products (product_id),
    added_at TIMESTAMP NOT NULL,
    PRIMARY KEY (customer_id, product_id)
);

-- Views
CREATE VIEW monthly_revenue AS
SELECT
    CAST(date_trunc('month', ordered_at) AS DATE) AS month,
    count(*) AS orders,
    sum(amount) AS revenue,
    round(avg(amount), 2) AS average_order
FROM orders
WHERE status NOT IN ('cancelled', 'returned')
GROUP BY ALL
ORDER BY month;

-- Views
CREATE VIEW customer_value AS
SELECT c.customer_id, c.name, c.segment, c.country, count(o.order_id) AS orders, sum(o.amount) AS revenue,
    max(o.ordered_at) AS last_order
FROM customers AS c
LEFT JOIN orders AS o USING (customer_id)
GROUP BY ALL;

-- A second schema
CREATE SCHEMA marketing;

-- A second schema
CREATE TABLE marketing.campaigns AS
SELECT
    CAST(i AS INTEGER) AS campaign_id,
    ['Spring', 'Summer', 'Autumn', 'Winter'][1 + i % 4] || ' ' || (2022 + i // 4) AS name,
    DATE '2022-03-01' + CAST(i * 91 AS INTEGER) AS starts,
    CAST(5000 + draw(i, 41, 40) * 500 AS DECIMAL(10, 2)) AS budget
FROM range(18) AS numbers (i);

-- Index
CREATE INDEX customers_by_country ON customers (country, city);

-- Comments
COMMENT ON TABLE orders IS 'One line per product ordered; 1.2 million from 2022 to June 2026';

-- Comments
COMMENT ON COLUMN orders.amount IS 'quantity * unit_price, less the discount';

-- Comments
COMMENT ON TABLE types IS 'Every type of DuckDB: ordinary, smallest and greatest values, text of many scripts, NULL';

-- Finishing
DROP TABLE pool;

-- Finishing
DROP MACRO draw;

-- Finishing
CHECKPOINT;
