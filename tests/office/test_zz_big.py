"""python -m pytest -s /tmp/... : pages at 100,000 students."""
import time, pytest
from django.db import connection
from tests.cast import set_stage
from tests.office.desks import desk_client
from tests.office.test_standing_pages import crowd
@pytest.mark.django_db(transaction=True)
@pytest.mark.breaks_invariants
@pytest.mark.timeout(500)
def test_big():
    stage = set_stage()
    t=time.time(); crowd(stage, 0, 100_000); print("made", time.time()-t)
    with connection.cursor() as c: c.execute("ANALYZE")
    client = desk_client()
    for path in ["/office/", "/office/standing/", "/office/candidates/", "/office/candidates/?f=unpaid", "/office/candidates/?q=生123", "/office/candidates/?sort=due", "/office/candidates/?page=1500", "/office/check-list/", "/office/offerings/"]:
        times=[]
        for _ in range(3):
            t=time.time(); r=client.get(path); times.append(time.time()-t); assert r.status_code==200
        print(path, [round(x,2) for x in times])
    for f in ("csv","xlsx"):
        t=time.time(); r=client.post("/office/candidates/export/", {"format": f}); n=len(r.getvalue()); print(f, time.time()-t, n)
