"""Alipay (支付宝): payment on a computer and on a phone, in plain key mode."""
