using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.DeviceTests;

/// <summary>That nothing of these tests leaves their namespace: the tests' own ground.</summary>
[Trait("Needs", "tun")]
public sealed class NetworkNamespaceTests
{
    [Fact]
    public void A_namespace_has_a_loopback_and_nothing_else()
    {
        using NetworkNamespace kernel = Kernels.Create();
        NetworkInterface only = Assert.Single(kernel.Run(NetworkInterface.GetAllNetworkInterfaces));
        Assert.Equal("lo", only.Name);
    }

    [Fact]
    public void Programs_run_in_the_namespace()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using TunDevice device = kernel.Run(() => TunDevice.Open("only-here"));
        string[] links = kernel.Call("ip", "-oneline", "link").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, links.Length);
        Assert.Contains("only-here", links[1], StringComparison.Ordinal);
        Assert.DoesNotContain(NetworkInterface.GetAllNetworkInterfaces(), candidate => candidate.Name == "only-here");
    }

    [Fact]
    public void Sockets_and_what_ss_says_belong_to_the_namespace()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using Socket listener = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using Socket client = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        client.Connect(listener.LocalEndPoint!);
        Assert.Equal("ESTAB", SocketTable.StateOf(kernel, client.LocalEndPoint!, client.RemoteEndPoint!));
        using NetworkNamespace other = Kernels.Create();
        Assert.Equal(SocketTable.None, SocketTable.StateOf(other, client.LocalEndPoint!, client.RemoteEndPoint!));
    }
}
