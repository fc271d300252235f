using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.EngineTests;

[Trait("Needs", "tun")]
public sealed class PingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Synfin_answers_ping(bool ipv6)
    {
        using TwoHosts hosts = TwoHosts.Create(ipv6);
        string output = hosts.Kernel.Call("ping", "-c", "3", "-i", "0.2", "-W", "2", hosts.SynfinAddress.ToString());
        // A kernel that has just been given its address may lose the first one before it leaves.
        Assert.Matches("[23] received", output);
    }

    [Fact]
    public void Synfin_answers_a_ping_as_large_as_the_link_takes()
    {
        using TwoHosts hosts = TwoHosts.Create();
        string output = hosts.Kernel.Call("ping", "-c", "1", "-W", "2", "-s", "1472", "-M", "do", hosts.SynfinAddress.ToString());
        Assert.Contains("1 received", output, StringComparison.Ordinal);
    }
}
