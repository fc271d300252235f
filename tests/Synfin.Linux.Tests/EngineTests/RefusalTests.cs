using System.Net;
using System.Net.Sockets;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.EngineTests;

[Trait("Needs", "tun")]
public sealed class RefusalTests
{
    private const ushort Port = 9;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_kernel_connects_to_a_port_that_nobody_serves(bool ipv6)
    {
        using TwoHosts hosts = TwoHosts.Create(ipv6);
        using Socket kernel = hosts.KernelSocket();
        var nobody = new IPEndPoint(hosts.SynfinAddress, Port);
        Task connecting = kernel.ConnectAsync(nobody, TestContext.Current.CancellationToken).AsTask().InTime();
        SocketException failure = await Assert.ThrowsAsync<SocketException>(() => connecting);
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Synfin_connects_to_a_port_that_nobody_serves(bool ipv6)
    {
        using TwoHosts hosts = TwoHosts.Create(ipv6);
        var nobody = new IPEndPoint(hosts.KernelAddress, Port);
        Task connecting = hosts.OnSynfinAsync(stacks => stacks.ConnectAsync(nobody));
        SocketException failure = await Assert.ThrowsAsync<SocketException>(() => connecting);
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
    }
}
