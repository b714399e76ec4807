"""Staff accounts (rule G2): made by the national office or at the command line, signed in with a second factor."""
