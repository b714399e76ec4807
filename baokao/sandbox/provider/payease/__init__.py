"""首信易支付 as the protocol page of PayEase classic has it."""
