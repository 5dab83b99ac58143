FROM python:3.13-slim-bookworm AS build

WORKDIR /liaison
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt

FROM python:3.13-slim-bookworm

ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DEBUG=0 \
    STATIC_ROOT=/liaison/static
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin liaison
WORKDIR /liaison
COPY --from=build /venv /venv
COPY . .
# Settings refuse to load without these; no value given here stays in the image.
RUN pybabel --quiet compile --directory crm/locale --domain django \
    && SECRET_KEY=build ADDRESS_KEY=build ALLOWED_HOSTS=build \
    BASE_URL=https://build EMAIL_URL=smtp://build \
    DATABASE_URL=postgres://build/build REDIS_URL=redis://build/0 \
    python manage.py collectstatic --no-input \
    && install --directory --owner liaison var/witness

USER 10001
EXPOSE 8000
CMD ["gunicorn", "crm.wsgi", "--bind", "0.0.0.0:8000", "--worker-tmp-dir", "/dev/shm"]
