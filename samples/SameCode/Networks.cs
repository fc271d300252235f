using Synfin.Ip;
using Synfin.Linux;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Timers;

namespace SameCode;

/// <summary>Ways to connect two hosts.</summary>
internal static class Networks
{
    /// <summary>A cable in memory, in real time.</summary>
    public static Network Memory()
    {
        MemoryNetwork net = new();
        return new Network(new(net.Client), new(net.Server), MemoryNetwork.ServerName, net);
    }

    /// <summary>A link that takes its time and loses one packet in a hundred, in virtual time.</summary>
    public static Network Simulation()
    {
        SimulatedLinkOptions link = new() { Delay = Duration.FromMilliseconds(20), Loss = 0.01 };
        SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts(seed: 1, link);
        return new Network(new(net["a"].Tcp), new(net["b"].Tcp), "b", net);
    }

    /// <summary>Linux: each host behind a TUN device, and the kernel of a network namespace, which is the router between them.</summary>
    public static Network Tun()
    {
        NetworkNamespace kernel = NetworkNamespace.Create();
        LinuxHost client = Open(kernel, "client0", "10.1.0.2/24", "10.1.0.1/24");
        LinuxHost server = Open(kernel, "server0", "10.2.0.2/24", "10.2.0.1/24");
        kernel.Run(() => File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1"));
        return new Network(client.Sockets, server.Sockets, "10.2.0.2", kernel, server, client);
    }

    /// <summary>Why there can be no TUN device here, or null.</summary>
    public static string? WhyNoTun() =>
        !OperatingSystem.IsLinux() ? "this is not Linux"
        : !Environment.IsPrivilegedProcess ? "this is not root"
        : !File.Exists("/dev/net/tun") ? "there is no /dev/net/tun"
        : null;

    private static LinuxHost Open(NetworkNamespace kernel, string device, string address, string kernelAddress) =>
        kernel.Run(() => LinuxHost.Open(new LinuxHostOptions
        {
            Device = device,
            Addresses = [AddressPrefix.Parse(address)],
            HostAddresses = [AddressPrefix.Parse(kernelAddress)],
        }));
}
