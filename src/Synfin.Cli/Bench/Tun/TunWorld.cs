using System.Net;
using System.Net.Sockets;
using Synfin.Ip;
using Synfin.Linux;

namespace Synfin.Cli.Bench.Tun;

/// <summary>A kernel in a network namespace of its own, 10.9.0.1, and a Synfin host behind a TUN device, 10.9.0.2.</summary>
internal sealed class TunWorld : IDisposable
{
    /// <summary>No call waits longer: a run that hangs would be worse than one that fails.</summary>
    private const int TimeoutMilliseconds = 10_000;

    /// <summary>Why the figures cannot be measured here; null if they can.</summary>
    public static string? Unavailable { get; } = !OperatingSystem.IsLinux() ? "needs Linux"
        : !Environment.IsPrivilegedProcess ? "needs root, for a network namespace and a TUN device of its own"
        : !File.Exists("/dev/net/tun") ? "needs /dev/net/tun"
        : null;

    /// <summary>The kernel's address.</summary>
    public static readonly IPAddress KernelAddress = IPAddress.Parse("10.9.0.1");

    /// <summary>The host's address.</summary>
    public static readonly IPAddress HostAddress = IPAddress.Parse("10.9.0.2");

    /// <summary>Makes both.</summary>
    public TunWorld(int queues = 1)
    {
        Kernel = NetworkNamespace.Create();
        Host = Kernel.Run(() => LinuxHost.Open(new LinuxHostOptions
        {
            Device = "synfin0",
            Queues = queues,
            Addresses = [AddressPrefix.Parse("10.9.0.2/24")],
            HostAddresses = [AddressPrefix.Parse("10.9.0.1/24")],
        }));
    }

    /// <summary>The kernel.</summary>
    public NetworkNamespace Kernel { get; }

    /// <summary>The host.</summary>
    public LinuxHost Host { get; }

    /// <summary>A TCP socket of the kernel.</summary>
    public Socket KernelSocket()
    {
        Socket socket = Kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Configure(socket);
        return socket;
    }

    /// <summary>A socket of the kernel that listens on a port of its choice.</summary>
    public Socket KernelListener()
    {
        Socket listener = KernelSocket();
        listener.Bind(new IPEndPoint(KernelAddress, 0));
        listener.Listen(backlog: 128);
        return listener;
    }

    /// <summary>What all sockets of measurements have.</summary>
    public static void Configure(Socket socket)
    {
        socket.NoDelay = true;
        socket.SendTimeout = TimeoutMilliseconds;
        socket.ReceiveTimeout = TimeoutMilliseconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Host.Dispose();
        Kernel.Dispose();
    }
}
