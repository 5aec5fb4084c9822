"""The sorter: text in, prediction out. Plain Python, no Django, no database."""
