"""PayEase (首信易支付), classic interface: payment at a bank that the candidate chooses."""
