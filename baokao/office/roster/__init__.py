"""学籍导入 and 照片导入: files sent, looked at, applied, taken back (rule G3)."""
