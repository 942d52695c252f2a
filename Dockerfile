# The command as an image: `docker build --tag naftiko .`, and docs/deploy.md. What it serves or works off is mounted at
# /capabilities. It needs no folder that it may write to: with a /tmp of its own it starts somewhat faster.
ARG NODE=22

FROM node:${NODE}-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Packing builds. What is installed is what npm users get, without packages that only people's computers use.
RUN npm pack --pack-destination /tmp
RUN npm install --prefix /opt/naftiko --omit=optional --no-audit --no-fund /tmp/naftiko-*.tgz

FROM node:${NODE}-slim
COPY --from=build /opt/naftiko /opt/naftiko
RUN mkdir /capabilities && ln -s /opt/naftiko/node_modules/.bin/naftiko /usr/local/bin/naftiko
ENV NODE_ENV=production HOME=/tmp
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
WORKDIR /
EXPOSE 8080 9190
# Servers and workers tell how they are at the same port.
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["node", "-e", "fetch('http://127.0.0.1:9190/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--", "/opt/naftiko/node_modules/naftiko/dist/naftiko.cjs"]
CMD ["serve", "/capabilities", "--host", "0.0.0.0", "--port", "8080", "--health-port", "9190"]
