"""The supervisors' screens: the board, moving people and emails, pausing, and thanking."""
