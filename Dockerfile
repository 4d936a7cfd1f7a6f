FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements-dev.txt .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements-dev.txt
COPY . .
RUN python -m build --wheel --no-isolation --outdir /wheels

FROM python:3.13-slim
COPY requirements.txt /tmp/
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r /tmp/requirements.txt
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir --no-deps --no-index /wheels/*.whl
RUN useradd --system --uid 10001 --home-dir /var/lib/invo invo \
    && install --directory --owner invo --group invo --mode 0700 /var/lib/invo
ENV INVO_HOME=/var/lib/invo PYTHONUNBUFFERED=1
VOLUME /var/lib/invo
USER invo
WORKDIR /var/lib/invo
# What the upgrade says goes to stderr: stdout carries the result of the command only.
ENTRYPOINT ["/bin/sh", "-c", "invo db wait >&2 && invo db upgrade >&2 && exec invo \"$@\"", "invo"]
CMD ["--help"]
