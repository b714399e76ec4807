"""What `import_sitting` compares and writes, one file a part of the sitting's set-up."""
