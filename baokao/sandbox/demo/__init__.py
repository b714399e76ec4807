"""`baokao demo`: database, web server, worker and mail catcher of one data folder, started and watched."""
