using System.Collections.Generic;

namespace Synfin.Drill.Running;

/// <summary>The constants of socket calls, by the names that scripts use, with Linux's numbers.</summary>
internal static class SystemNames
{
    private static readonly Dictionary<string, long> _values = new()
    {
        ["AF_UNSPEC"] = 0,
        ["AF_INET"] = 2,
        ["PF_INET"] = 2,
        ["AF_INET6"] = 10,
        ["PF_INET6"] = 10,
        ["INADDR_ANY"] = 0,
        ["SOCK_STREAM"] = 1,
        ["SOCK_DGRAM"] = 2,
        ["SOCK_RAW"] = 3,
        ["SOCK_SEQPACKET"] = 5,
        ["SOCK_NONBLOCK"] = 0x800,
        ["SOCK_CLOEXEC"] = 0x80000,
        ["IPPROTO_IP"] = 0,
        ["IPPROTO_ICMP"] = 1,
        ["IPPROTO_TCP"] = 6,
        ["IPPROTO_UDP"] = 17,
        ["IPPROTO_IPV6"] = 41,
        ["IPPROTO_SCTP"] = 132,
        ["IPPROTO_UDPLITE"] = 136,
        ["IPPROTO_MPTCP"] = 262,
        ["F_GETFL"] = 3,
        ["F_SETFL"] = 4,
        ["F_GETFD"] = 1,
        ["F_SETFD"] = 2,
        ["FD_CLOEXEC"] = 1,
        ["O_RDONLY"] = 0,
        ["O_WRONLY"] = 1,
        ["O_RDWR"] = 2,
        ["O_NONBLOCK"] = 0x800,
        ["O_NDELAY"] = 0x800,
        ["O_ASYNC"] = 0x2000,
        ["SHUT_RD"] = 0,
        ["SHUT_WR"] = 1,
        ["SHUT_RDWR"] = 2,
        ["MSG_OOB"] = 0x1,
        ["MSG_PEEK"] = 0x2,
        ["MSG_DONTROUTE"] = 0x4,
        ["MSG_CTRUNC"] = 0x8,
        ["MSG_TRUNC"] = 0x20,
        ["MSG_DONTWAIT"] = 0x40,
        ["MSG_EOR"] = 0x80,
        ["MSG_WAITALL"] = 0x100,
        ["MSG_ERRQUEUE"] = 0x2000,
        ["MSG_NOSIGNAL"] = 0x4000,
        ["MSG_MORE"] = 0x8000,
        ["MSG_ZEROCOPY"] = 0x4000000,
        ["MSG_FASTOPEN"] = 0x20000000,
        ["MSG_EOF"] = 0x10000000,
        ["POLLIN"] = 0x1,
        ["POLLPRI"] = 0x2,
        ["POLLOUT"] = 0x4,
        ["POLLERR"] = 0x8,
        ["POLLHUP"] = 0x10,
        ["POLLNVAL"] = 0x20,
        ["POLLRDNORM"] = 0x40,
        ["POLLRDBAND"] = 0x80,
        ["POLLWRNORM"] = 0x100,
        ["POLLWRBAND"] = 0x200,
        ["POLLRDHUP"] = 0x2000,
        ["POLLINIGNEOF"] = 0x2000,
        ["SOMAXCONN"] = 4096,
        ["IP_PMTUDISC_DONT"] = 0,
        ["IP_PMTUDISC_WANT"] = 1,
        ["IP_PMTUDISC_DO"] = 2,
        ["IP_PMTUDISC_PROBE"] = 3,
        ["IP_PMTUDISC_INTERFACE"] = 4,
        ["IP_PMTUDISC_OMIT"] = 5,
    };

    /// <summary>What <c>O_NONBLOCK</c> is in FreeBSD, where Linux has 0x800.</summary>
    public const long FreeBsdNonBlocking = 4;

    /// <summary>Looks a name up.</summary>
    public static bool TryFind(string name, out long value) => _values.TryGetValue(name, out value);
}
