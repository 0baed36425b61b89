# One image for every role: ROLE says which. Versions are pinned; the tag is that of the Node the tests run on.
FROM node:20.20.2-bookworm-slim AS base
WORKDIR /app
ENV NODE_ENV=production

# What the program needs, and nothing that builds or tests it.
FROM base AS libraries
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY flows ./flows
COPY channels ./channels
COPY src ./src
COPY test ./test
RUN npm run build && rm -rf dist/test

FROM base AS guichet
# Nobody in particular: it owns its data folder and can change nothing else.
RUN mkdir /data && chown node:node /data
COPY --from=libraries /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# What /docs shows.
COPY docs ./docs
COPY package.json ./
USER node
ENV HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
EXPOSE 3000
VOLUME /data
HEALTHCHECK --interval=10s --timeout=3s --retries=3 --start-period=30s --start-interval=1s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself and no npm before it: it takes SIGTERM, and ends what is under way.
CMD ["node", "dist/src/main.js"]
