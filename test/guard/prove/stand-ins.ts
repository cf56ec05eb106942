/** Programs that are never the real ones, although a machine may have them: they reach others, or change the machine. */
export const alwaysStandIn =
  `psql pg_dump pg_dumpall pg_restore createdb dropdb createuser dropuser vacuumdb pg_isready pg_ctl pg_ctlcluster pg_basebackup pgbench initdb postgres mysql sqlite3 redis-cli mongosh
   ssh scp sftp rsync ftp telnet nc ncat socat docker kubectl gcloud gsutil bq aws gh systemctl service journalctl mount umount swapoff reboot shutdown poweroff
   crontab at batch su sudo doas runuser useradd usermod passwd chsh visudo apt apt-get dpkg update-alternatives java javac mvn gradle php ruby go cargo rustc dotnet
   gpg gdb strace perf tmux screen man top less watch sleep sysctl iptables insmod modprobe chroot unshare nsenter systemd-run dbus-run-session start-stop-daemon
   ssh-keygen ssh-add mail sendmail pip pip3 pipx brew claude dayshift bwrap hg svn jj got sl bzr fossil darcs cvs p4 gem composer twine vim vi nano editor sqlite hyperfine parallel newgrp sg corepack
   npx npm jshell jrunscript wish time busybox ip ifconfig hostname timedatectl gsettings dbus-send busctl logger convert import yq lua setpriv runcon gpasswd add-apt-repository gitmoji pytest bundle chattr cpio http
   kafka-topics.sh git-lfs git-crypt git-secret git-filter-repo git-gui git-citool git-scalar gitk git-cz git-replay git-backfill git-history`
    .split(/\s+/)
    .filter((name) => name !== '');

/** Node libraries and what they export, as cases use it. */
export const modules: Record<string, string[]> = {
  pg: ['Client', 'Pool'],
  mysql2: ['createConnection', 'createPool'],
  mysql: ['createConnection'],
  mongoose: ['connect'],
  mongodb: ['MongoClient'],
  redis: ['createClient'],
  ioredis: ['Redis'],
  knex: ['knex'],
  sequelize: ['Sequelize'],
  typeorm: ['DataSource', 'createConnection'],
  '@prisma/client': ['PrismaClient'],
  'better-sqlite3': ['Database'],
  'drizzle-orm': ['drizzle'],
  postgres: ['postgres'],
  'simple-git': ['simpleGit'],
  'isomorphic-git': ['commit', 'add', 'push'],
  'cross-spawn': ['sync', 'spawn'],
  shelljs: ['exec'],
  dotenv: ['config'],
  execa: [],
};

export const pythonModules =
  `psycopg2 psycopg pymysql MySQLdb pymongo redis sqlalchemy django flask alembic asyncpg aiomysql peewee duckdb cx_Oracle oracledb pyodbc clickhouse_driver cassandra motor tortoise aerich piccolo
   git dulwich pygit2 requests boto3 paramiko fabric invoke sh plumbum pandas numpy pytest black ruff mypy flake8 pylint isort coverage tox uvicorn gunicorn celery build twine poetry yoyo neo4j airflow superset
   databases sqlmodel elasticsearch flask_migrate IPython app mysql pip odoo scrapy dagster mlflow prefect ckan wagtail`
    .split(/\s+/)
    .filter((name) => name !== '');
