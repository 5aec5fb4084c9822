"""Every address of Muster: each slice brings its own."""

urlpatterns: list = []
