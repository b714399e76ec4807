"""报考设置, 学校通告 and 联系人 of a school (rules C1, C3, C8, G8)."""
