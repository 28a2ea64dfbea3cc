from nightschool.models import threads


def test_the_variable_that_limits_threads_is_heeded(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert threads.cores() == 3


def test_two_hardware_threads_are_one_core_and_a_quota_counts(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(threads, "_siblings", lambda cpu: f"{cpu % 4},{cpu % 4 + 4}")
    monkeypatch.setattr(threads, "_quota", lambda: None)
    assert threads.cores() == 4
    monkeypatch.setattr(threads, "_quota", lambda: 2)
    assert threads.cores() == 2
