using System.Net;
using Synfin.Drill.Sockets;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>Families, and IPv4 in IPv6 sockets (ipv6(7), RFC 4291 2.5.5.2).</summary>
public sealed class AddressFamilyTests
{
    private static readonly IPEndPoint _mapped = new(IPAddress.Parse("::ffff:192.168.0.1"), 8080);

    /// <summary>A connection over IPv4 of an IPv6 listener has mapped names.</summary>
    [Fact]
    public void Ipv6_socket_speaks_IPv4_under_mapped_names()
    {
        using var process = new Process();
        process.Does(new SocketOpenCall(3, ipv6: true, true, false), "3").Does(new BindCall(3, _mapped), "0")
            .Does(new ListenCall(3, 5), "0");
        process.Peer.Opens();
        var accept = new AcceptCall(3, 4, false);
        var name = new NameCall(4, ofPeer: false);
        process.Does(accept, "4").Does(name, "0");
        Assert.Equal(IPAddress.Parse("::ffff:192.0.2.1"), accept.Peer!.Address);
        Assert.Equal(_mapped, name.Answer);
    }

    [Fact]
    public void Ipv4_socket_has_no_IPv6_addresses()
    {
        using var process = new Process();
        var ipv6 = new IPEndPoint(IPAddress.IPv6Loopback, 8080);
        process.Does(new SocketOpenCall(3, ipv6: false, true, false), "3")
            .Does(new BindCall(3, ipv6), "EAFNOSUPPORT").Does(new ConnectCall(3, ipv6), "EAFNOSUPPORT");
    }

    [Fact]
    public void Names_of_a_fresh_socket_are_the_wildcard()
    {
        using var process = new Process();
        var name = new NameCall(3, ofPeer: false);
        process.Does(new SocketOpenCall(3, ipv6: true, true, false), "3").Does(name, "0");
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 0), name.Answer);
    }

    /// <summary>bind(2) to port 0 takes a free port of the ephemeral range; to a foreign address nothing binds.</summary>
    [Fact]
    public void Port_0_is_a_free_port()
    {
        using var process = new Process();
        var name = new NameCall(3, ofPeer: false);
        process.Does(new SocketOpenCall(3, false, true, false), "3")
            .Does(new BindCall(3, new IPEndPoint(IPAddress.Parse("10.9.8.7"), 0)), "EADDRNOTAVAIL")
            .Does(new BindCall(3, new IPEndPoint(IPAddress.Any, 0)), "0").Does(name, "0");
        Assert.InRange(name.Answer!.Port, KernelSettings.Linux.FirstEphemeralPort, KernelSettings.Linux.LastEphemeralPort);
        process.Does(new SocketOpenCall(4, false, true, false), "4").Does(new BindCall(4, name.Answer), "EADDRINUSE");
    }

    /// <summary>Groups and the limited broadcast have no TCP (MUST-46): ENETUNREACH on Linux; EAFNOSUPPORT and EACCES on FreeBSD.</summary>
    [Theory]
    [InlineData(false, "224.0.0.1", "ENETUNREACH")]
    [InlineData(false, "255.255.255.255", "ENETUNREACH")]
    [InlineData(true, "224.0.0.1", "EAFNOSUPPORT")]
    [InlineData(true, "255.255.255.255", "EACCES")]
    public void Connect_to_many_fails(bool freeBsd, string address, string errno)
    {
        using var process = new Process(freeBsd ? KernelKind.FreeBsd : KernelKind.Linux);
        process.Does(new SocketOpenCall(3, false, true, false), "3")
            .Does(new ConnectCall(3, new IPEndPoint(IPAddress.Parse(address), 80)), errno);
    }

    /// <summary>The four-tuple of a live connection cannot be had twice: EADDRNOTAVAIL on Linux, EADDRINUSE on FreeBSD.</summary>
    [Theory]
    [InlineData(false, "EADDRNOTAVAIL")]
    [InlineData(true, "EADDRINUSE")]
    public void Connect_from_a_taken_four_tuple_fails(bool freeBsd, string errno)
    {
        using var process = new Process(freeBsd ? KernelKind.FreeBsd : KernelKind.Linux);
        process.Does(new SocketOpenCall(3, false, true, true), "3").Does(new SetOptionCall(3, "SOL_SOCKET", "SO_REUSEADDR", 1), "0")
            .Does(new BindCall(3, process.Here), "0")
            .Does(new SocketOpenCall(4, false, true, true), "4").Does(new SetOptionCall(4, "SOL_SOCKET", "SO_REUSEADDR", 1), "0");
        if (freeBsd) process.Does(new ConnectCall(3, process.There), "EINPROGRESS").Does(new BindCall(4, process.Here), "0");
        else process.Does(new BindCall(4, process.Here), "0").Does(new ConnectCall(3, process.There), "EINPROGRESS");
        process.Does(new ConnectCall(4, process.There), errno);
    }
}
