"""The only place that names a colour, a font or an icon."""
