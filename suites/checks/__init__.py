"""The checks, by mode; `common` holds what is the same in all of them."""
