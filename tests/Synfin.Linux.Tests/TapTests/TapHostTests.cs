using System.Net;
using System.Net.Sockets;
using System.Text;
using Synfin.Ip;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Wire;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Linux.Tests.TapTests;

/// <summary>A host on an Ethernet with the kernel: ARP, neighbor discovery, DHCP, names and routers of others.</summary>
[Trait("Needs", "tun")]
public sealed class TapHostTests
{
    private const int Port = 7000;

    private static readonly AddressPrefix s_ipv4 = AddressPrefix.Parse("10.9.0.2/24");
    private static readonly AddressPrefix s_ipv6 = AddressPrefix.Parse("fd00:9::2/64");

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [Trait("Rfc", "4861 7")]
    public async Task The_kernel_and_Synfin_find_each_other(bool ipv6, bool offloads)
    {
        using TapHosts hosts = TapHosts.Create(options => options with { Addresses = [s_ipv4, s_ipv6], Offloads = offloads });
        await hosts.Synfin.WhenReadyAsync(TestContext.Current.CancellationToken).InTime();
        IPAddress ours = (ipv6 ? s_ipv6 : s_ipv4).Address.ToIPAddress();
        using TcpListenerGroup listener = hosts.Synfin.Sockets.Listen(new IPEndPoint(IPAddress.IPv6Any, Port));
        using Socket kernel = hosts.Kernel.CreateSocket(ours.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await kernel.ConnectAsync(new IPEndPoint(ours, Port), TestContext.Current.CancellationToken).AsTask().InTime();
        await Exchange(kernel, await listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask().InTime());
        string neighbors = hosts.Kernel.Call("ip", "neigh", "show", "dev", "synfin0");
        Assert.Contains($"{ours} lladdr ", neighbors, StringComparison.Ordinal);
        IPAddress theirs = ipv6 ? TapHosts.KernelIpv6 : TapHosts.KernelIpv4;
        Assert.Contains(hosts.Synfin.Neighbors, neighbor => neighbor.Address.ToIPAddress().Equals(theirs));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Synfin_connects_to_the_kernel_and_to_nobody(bool ipv6)
    {
        using TapHosts hosts = TapHosts.Create(options => options with { Addresses = [s_ipv4, s_ipv6] });
        await hosts.Synfin.WhenReadyAsync(TestContext.Current.CancellationToken).InTime();
        IPAddress theirs = ipv6 ? TapHosts.KernelIpv6 : TapHosts.KernelIpv4;
        using Socket listener = hosts.Kernel.CreateSocket(theirs.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(theirs, Port));
        listener.Listen();
        Task<Socket> accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        TcpConnection synfin = await hosts.Synfin.Sockets.ConnectAsync(
            new IPEndPoint(theirs, Port), ct: TestContext.Current.CancellationToken).AsTask().InTime();
        await Exchange(await accepting.InTime(), synfin);

        // Nobody answers for this one: three questions, then the application is told (RFC 4861 7.2.2).
        var nobody = new IPEndPoint(IPAddress.Parse(ipv6 ? "fd00:9::77" : "10.9.0.77"), Port);
        SocketException failure = await Assert.ThrowsAsync<SocketException>(
            () => hosts.Synfin.Sockets.ConnectAsync(nobody, ct: TestContext.Current.CancellationToken).AsTask().InTime());
        Assert.Equal(SocketError.HostUnreachable, failure.SocketErrorCode);
    }

    [Fact]
    [Trait("Rfc", "2131 4")]
    public async Task An_address_a_route_and_names_come_from_dnsmasq()
    {
        using TapHosts hosts = TapHosts.Create(
            options => options with { Dhcp = true },
            "--dhcp-range=10.9.0.50,10.9.0.59,255.255.255.0,1h",
            "--dhcp-option=option:domain-search,example.test",
            "--local=/example.test/", "--host-record=web.example.test,10.9.0.1,fd00:9::1",
            "--cname=www.example.test,web.example.test");
        await hosts.Synfin.WhenReadyAsync(TestContext.Current.CancellationToken).InTime();
        InternetAddress ours = Assert.Single(hosts.Synfin.Addresses);
        Assert.True(AddressPrefix.Parse("10.9.0.50/24").Contains(ours), $"{ours} is of the range");

        using Socket listener = hosts.Kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(TapHosts.KernelIpv4, Port));
        listener.Listen();
        Task<Socket> accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        TcpConnection synfin = await hosts.Synfin.Sockets.ConnectAsync(
            "www", Port, ct: TestContext.Current.CancellationToken).AsTask().InTime();
        await Exchange(await accepting.InTime(), synfin);

        CancellationToken ct = TestContext.Current.CancellationToken;
        SocketException failure = await Assert.ThrowsAsync<SocketException>(
            () => hosts.Synfin.Sockets.ConnectAsync("nobody.example.test", Port, ct: ct).AsTask().InTime());
        Assert.Equal(SocketError.HostNotFound, failure.SocketErrorCode);
    }

    [Fact]
    [Trait("Rfc", "4862 5")]
    public async Task An_IPv6_address_and_a_name_server_come_from_a_router()
    {
        using TapHosts hosts = TapHosts.Create(
            options => options with { Slaac = true },
            "--enable-ra", "--dhcp-range=fd00:9::,ra-only,64", "--host-record=web.example.test,fd00:9::1");
        await hosts.Synfin.WhenReadyAsync(TestContext.Current.CancellationToken).InTime();
        Assert.Contains(hosts.Synfin.Addresses, address => AddressPrefix.Parse("fd00:9::/64").Contains(address));
        Assert.Contains(hosts.Synfin.Addresses, address => address.IsLinkLocal);

        using Socket listener = hosts.Kernel.CreateSocket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(TapHosts.KernelIpv6, Port));
        listener.Listen();
        Task<Socket> accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        TcpConnection synfin = await hosts.Synfin.Sockets.ConnectAsync(
            "web.example.test", Port, ct: TestContext.Current.CancellationToken).AsTask().InTime();
        await Exchange(await accepting.InTime(), synfin);
    }

    [Fact]
    public async Task A_host_with_two_interfaces_takes_the_one_of_the_route()
    {
        using TapHosts hosts = TapHosts.Create(options => options with
        {
            Addresses = [s_ipv4],
            OtherInterfaces =
            [
                new LinuxInterfaceOptions
                {
                    Device = "synfin1",
                    Addresses = [AddressPrefix.Parse("10.8.0.2/24")],
                    HostAddresses = [AddressPrefix.Parse("10.8.0.1/24")],
                },
            ],
        });
        await hosts.Synfin.WhenReadyAsync(TestContext.Current.CancellationToken).InTime();
        foreach (string address in (string[])["10.9.0.1", "10.8.0.1"])
        {
            using Socket listener = hosts.Kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Parse(address), Port));
            listener.Listen();
            Task<Socket> accepting = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
            TcpConnection synfin = await hosts.Synfin.Sockets.ConnectAsync(
                address, Port, ct: TestContext.Current.CancellationToken).AsTask().InTime();
            Assert.StartsWith(address[..5], synfin.Tuple.LocalAddress.ToString(), StringComparison.Ordinal);
            await Exchange(await accepting.InTime(), synfin);
        }
    }

    /// <summary>A text each way, an orderly end.</summary>
    private static async Task Exchange(Socket kernel, TcpConnection synfin)
    {
        using (kernel)
        {
            await using TcpStream stream = new(synfin);
            await kernel.SendAsync(Encoding.ASCII.GetBytes("from the kernel")).InTime();
            byte[] buffer = new byte[100];
            int count = await stream.ReadAtLeastAsync(buffer, 15).AsTask().InTime();
            Assert.Equal("from the kernel", Encoding.ASCII.GetString(buffer, 0, count));
            await stream.WriteAsync(Encoding.ASCII.GetBytes("from Synfin")).AsTask().InTime();
            count = await kernel.ReceiveAsync(buffer.AsMemory()).AsTask().InTime();
            Assert.Equal("from Synfin", Encoding.ASCII.GetString(buffer, 0, count));
            kernel.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await stream.ReadAsync(buffer).AsTask().InTime());
        }
    }
}
