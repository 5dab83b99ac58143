from django.test import Client


def test_the_process_and_the_database_answer(client: Client, db: None) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
