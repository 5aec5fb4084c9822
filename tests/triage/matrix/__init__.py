"""Who gets past which door: the cast, the place, and one small table of pages per slice.

A slice's table is `pages/<slice>.py`. It gives `PAGES` (url name: who may GET, who may POST), and
where needed `FIELDS` (names of its form fields, tried with strange words) and `things(place)` (what
its addresses name, as keyword: value; called once everything of `Place` is there).
"""
