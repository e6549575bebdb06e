"""The REST interface from outside: a real server, and programs that know only its description."""
