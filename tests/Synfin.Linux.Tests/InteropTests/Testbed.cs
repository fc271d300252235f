using System.Net;
using System.Security.Cryptography;
using Synfin.Ip;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Stack;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>A kernel with its programs and a Synfin host, neighbours over both IPs, and a tap between them.</summary>
internal sealed class Testbed : IDisposable
{
    private static readonly AddressPrefix[] _kernelAddresses = [AddressPrefix.Parse("10.9.0.1/24"), AddressPrefix.Parse("fd00::1/64")];
    private static readonly AddressPrefix[] _addresses = [AddressPrefix.Parse("10.9.0.2/24"), AddressPrefix.Parse("fd00::2/64")];

    private Testbed(NetworkNamespace kernel, LinuxHost synfin, Wiretap wire)
    {
        Kernel = kernel;
        Synfin = synfin;
        Wire = wire;
    }

    public NetworkNamespace Kernel { get; }

    public LinuxHost Synfin { get; }

    public Wiretap Wire { get; }

    public TcpStackGroup Sockets => Synfin.Sockets;

    /// <summary>Makes both; skips the test where that is not possible.</summary>
    public static Testbed Create(int? mtu = null, int queues = 1, bool offloads = true, StackOptions? stack = null)
    {
        NetworkNamespace kernel = Kernels.Create();
        var wire = new Wiretap();
        try
        {
            return new Testbed(kernel, kernel.Run(() => LinuxHost.Open(new LinuxHostOptions
            {
                Device = "synfin0",
                Addresses = _addresses,
                HostAddresses = _kernelAddresses,
                Mtu = mtu,
                Queues = queues,
                Offloads = offloads,
                Stack = stack,
                Tap = wire.Tap,
            })), wire);
        }
        catch
        {
            wire.Dispose();
            kernel.Dispose();
            throw;
        }
    }

    /// <summary>The kernel's address.</summary>
    public static IPAddress KernelAddress(bool ipv6) => IPAddress.Parse(ipv6 ? "fd00::1" : "10.9.0.1");

    /// <summary>Synfin's address.</summary>
    public static IPAddress SynfinAddress(bool ipv6) => IPAddress.Parse(ipv6 ? "fd00::2" : "10.9.0.2");

    /// <summary>Synfin's address as in a URL.</summary>
    public static string SynfinName(bool ipv6) => ipv6 ? "[fd00::2]" : "10.9.0.2";

    /// <summary>The kernel's address as in a URL.</summary>
    public static string KernelName(bool ipv6) => ipv6 ? "[fd00::1]" : "10.9.0.1";

    /// <summary>Octets that look like chance and are the same each time.</summary>
    public static byte[] Octets(int length)
    {
        byte[] octets = new byte[length];
        new Random(length).NextBytes(octets);
        return octets;
    }

    /// <summary>SHA-256, as sha256sum writes it.</summary>
    public static string Hash(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(SHA256.HashData(octets));

    /// <summary>Ends the host, and fails unless every packet of it was sound.</summary>
    public void EndsSoundly()
    {
        Synfin.Dispose();
        Wire.AssertSound();
    }

    public void Dispose()
    {
        Synfin.Dispose();
        Wire.Dispose();
        Kernel.Dispose();
    }
}
