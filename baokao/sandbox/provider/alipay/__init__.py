"""支付宝: page pay, phone pay, query, close, refund, refund query, daily bill and notifications, signed by RSA2."""
