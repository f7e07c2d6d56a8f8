"""A network of a test's own: whatever is made in it, nothing of the machine's changes."""

import contextlib
import ctypes
import os
import pathlib
import subprocess
import sys

import pytest

NEW_NAMESPACE, NEW_NETWORK = 0x00020000, 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
HERE = pathlib.Path(__file__).parent


def system(*words, check=True):
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert not check or done.returncode == 0, f"{' '.join(words)}: {done.stderr}"
    return done.stdout


def checked(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@contextlib.contextmanager
def private_network():
    """Moves the calling thread into a network and a mount namespace of its own, and back in the end. Programs that it starts are
    there too."""
    if os.geteuid() != 0:
        pytest.skip("skipped: needs root for network namespaces")
    missing = [name for name in ("ip", "nft", "mount") if not any(
        pathlib.Path(folder, name).exists() for folder in ("/usr/sbin", "/sbin", "/usr/bin", "/bin"))]
    if missing:
        pytest.skip(f"skipped: {' and '.join(missing)} not installed")
    with open("/proc/thread-self/ns/net") as network, open("/proc/thread-self/ns/mnt") as mounts:
        try:
            checked(LIBC.unshare(NEW_NAMESPACE | NEW_NETWORK))
        except OSError as error:
            pytest.skip(f"skipped: network namespaces cannot be made here: {error}")
        folder = os.getcwd()
        try:
            system("mount", "--make-rprivate", "/")
            # Names of namespaces are files below /run.
            system("mount", "-t", "tmpfs", "none", "/run")
            system("ip", "link", "set", "lo", "up")
            yield
        finally:
            checked(LIBC.setns(network.fileno(), NEW_NETWORK))
            checked(LIBC.setns(mounts.fileno(), NEW_NAMESPACE))
            os.chdir(folder)


class Client:
    """A machine of its own behind a router: a network namespace with an address, from which connections can be tried."""

    def __init__(self, name, address, *, bridge=None):
        """`address` as 10.1.0.2/24; its gateway is the first address of that range: this machine, or the router of the subnet
        whose `bridge` it is connected to."""
        self.name, self.address = name, address.split("/", maxsplit=1)[0]
        gateway = self.address.rsplit(".", 1)[0] + ".1"
        system("ip", "netns", "add", name)
        system("ip", "link", "add", f"h-{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
        if bridge:
            system("ip", "link", "set", f"h-{name}", "master", bridge)
        else:
            system("ip", "address", "add", f"{gateway}/24", "dev", f"h-{name}")
        system("ip", "link", "set", f"h-{name}", "up")
        for words in ("link set lo up", f"address add {address} dev eth0", "link set eth0 up", f"route add default via {gateway}"):
            system("ip", "-n", name, *words.split())

    def reaches(self, address, port):
        """Whether a connection comes about. What is dropped gives no answer at all; being refused is neither."""
        done = self.run(
            "import socket, sys\n"
            "try: socket.create_connection((sys.argv[1], int(sys.argv[2])), 0.7)\n"
            "except TimeoutError: sys.exit(3)\n",
            address, str(port), check=False,
        )
        assert done.returncode in (0, 3), done.stderr
        return done.returncode == 0

    def run(self, program, *arguments, check=True):
        """Runs Python in it, with the modules of the tests."""
        return subprocess.run(
            ["ip", "netns", "exec", self.name, sys.executable, "-c", program, *arguments],
            capture_output=True, text=True, check=check, timeout=60, env={**os.environ, "PYTHONPATH": str(HERE)},
        )
