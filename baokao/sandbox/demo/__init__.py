"""`baokao demo`: database, web server, worker, payment provider and mail catcher of one data folder, watched."""
