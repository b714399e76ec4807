"""What every installation starts from: provinces by GB/T 2260, and the subjects (facts, Subjects and Codes)."""

PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南",
    "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州",
    "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆", "99": "测试省",
}  # fmt: skip

# Code, name, level, language, kind; their order is the position.
SUBJECTS = [
    ("1", "英语四级笔试", 4, "English", "written"),
    ("2", "英语六级笔试", 6, "English", "written"),
    ("3", "日语四级笔试", 4, "Japanese", "written"),
    ("4", "日语六级笔试", 6, "Japanese", "written"),
    ("5", "德语四级笔试", 4, "German", "written"),
    ("6", "德语六级笔试", 6, "German", "written"),
    ("7", "俄语四级笔试", 4, "Russian", "written"),
    ("8", "俄语六级笔试", 6, "Russian", "written"),
    ("9", "法语四级笔试", 4, "French", "written"),
    ("F", "英语四级口试", 4, "English", "speaking"),
    ("S", "英语六级口试", 6, "English", "speaking"),
    ("J", "日语四级口试", 4, "Japanese", "speaking"),
]
