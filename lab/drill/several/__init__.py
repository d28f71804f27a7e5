"""Several servers on one database and nginx before them: everything somebody does there, and what ends a server."""
