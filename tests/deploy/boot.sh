#!/bin/sh
# Becomes a machine of its own: unshare -m -p -f -u -i -C sh boot.sh FOLDER REPOSITORY PYTHON POWERS [COMMAND …], by default
# systemd. POWERS: the capabilities to give up, as setpriv wants them.
#
# 1. Its root is an overlay in memory over this machine's, entered by pivot_root, the old root detached: whatever runs in it, even a
#    service that cleans /tmp at boot, changes nothing outside. Only the repository, its environment and Python are bound, read-only.
# 2. /proc/sys and /sys are read-only, no device but null, zero, full, random and tty exists, and the powers to set the clock, load
#    modules, make devices or touch hardware are gone: the kernel is shared and stays as it was.
# 3. Services that prepare hardware, clocks or temporary folders are masked all the same.
set -eu
folder=$1 repository=$2 python=$3 powers=$4
shift 4
[ $# -gt 0 ] || set -- /lib/systemd/systemd --system --unit=machine.target --show-status=no --log-level=warning
[ "$(readlink /proc/self/ns/mnt)" != "$(readlink /proc/$PPID/ns/mnt 2>/dev/null || true)" ]

mount --make-rprivate /
hostname thornhaven
mount -t tmpfs -o mode=755 machine "$folder"
cd "$folder"
mkdir upper work venv venv-work root
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
cd root
for place in tmp run srv opt home root media mnt dev var/tmp var/log var/lib; do mount -t tmpfs -o mode=755 machine $place; done
chmod 1777 tmp var/tmp
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for node in null zero full random urandom tty; do
  touch dev/$node
  mount --bind /dev/$node dev/$node
  mount -o remount,bind,ro dev/$node
done
mkdir dev/pts dev/shm old
mount -t tmpfs -o mode=1777 machine dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
for link in fd:/proc/self/fd stdin:/proc/self/fd/0 stdout:/proc/self/fd/1 stderr:/proc/self/fd/2; do
  ln -s "${link#*:}" "dev/${link%%:*}"
done

# The code as pip would have installed it: the tests' environment and interpreter, and this repository, under /opt.
mkdir opt/python opt/cme-gateway opt/repository
mount --bind "$python" opt/python
mount -o remount,bind,ro opt/python
mount --bind "$repository" opt/repository
mount -o remount,bind,ro opt/repository
mount -t overlay overlay -o "lowerdir=$repository/.venv,upperdir=$folder/venv,workdir=$folder/venv-work" opt/cme-gateway

pivot_root . old
cd /
umount -l /old
rmdir /old
mount --make-rshared /     # among this machine's own namespaces: credentials are mounted in one and seen in another

cd /opt/cme-gateway
site=$(echo lib/python3*/site-packages)
rm -rf "$site"/__editable__* bin/python bin/python3 bin/gateway
ln -s /opt/python/bin/python3 bin/python
ln -s python bin/python3
printf 'home = /opt/python/bin\ninclude-system-site-packages = false\n' > pyvenv.cfg
for room in gateway adapters schemas keys; do mkdir "$site/$room"; mount --bind "/opt/repository/$room" "$site/$room"; done
printf '#!/opt/cme-gateway/bin/python\nimport sys\nfrom gateway.commands.app import main\nsys.exit(main())\n' > bin/gateway
chmod 755 bin/gateway

if [ -e /opt/python/lib/libpython3.so ]; then      # an interpreter with a library of its own: found before the system's
  echo /opt/python/lib > /etc/ld.so.conf.d/00-python.conf
  ldconfig
fi

cd /etc/systemd/system
rm -rf ./*.wants
for unit in tmpfiles-setup tmpfiles-setup-dev tmpfiles-clean sysctl remount-fs modules-load udevd udev-trigger random-seed \
            update-utmp timesyncd sysusers binfmt pstore; do
  ln -sf /dev/null systemd-$unit.service
done
for unit in kmod-static-nodes.service dev-hugepages.mount dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
            sys-kernel-config.mount sys-fs-fuse-connections.mount proc-sys-fs-binfmt_misc.automount; do
  ln -sf /dev/null $unit
done
printf '[Journal]\nStorage=volatile\nReadKMsg=no\nAudit=no\nRateLimitBurst=0\n' > /etc/systemd/journald.conf
mkdir -p /run/systemd/system /run/log/journal
printf '[Unit]\nDefaultDependencies=no\nWants=systemd-journald.service\n' > /run/systemd/system/machine.target

cd /
export container=other
exec setpriv --bounding-set="$powers" -- "$@"
