using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Stack;

/// <summary>The Toeplitz hash, with the key and the values that Microsoft publishes to verify network cards with.</summary>
public sealed class RssHashTests
{
    private const string Key = "6d5a56da255b0ec24167253d43a38fb0d0ca2bcbae7b30b477cb2da38030f20c6a42b73bbeac01fa";

    [Theory]
    [InlineData("66.9.149.187", 2794, "161.142.100.80", 1766, 0x51ccc178u)]
    [InlineData("199.92.111.2", 14230, "65.69.140.83", 4739, 0xc626b0eau)]
    [InlineData("24.19.198.95", 12898, "12.22.207.184", 38024, 0x5c2b394au)]
    [InlineData("3ffe:2501:200:1fff::7", 2794, "3ffe:2501:200:3::1", 1766, 0x40207d3du)]
    [InlineData("3ffe:501:8::260:97ff:fe40:efab", 14230, "ff02::1", 4739, 0xdde51bbfu)]
    public void Agrees_with_the_published_values(string remote, ushort remotePort, string local, ushort localPort, uint expected)
    {
        var hash = new RssHash(Convert.FromHexString(Key));
        var tuple = new FourTuple(InternetAddress.Parse(local), localPort, InternetAddress.Parse(remote), remotePort);
        Assert.Equal(expected, hash.Hash(in tuple));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Spreads_connections_over_the_shards(int shards)
    {
        var hash = new RssHash(new StackSecret(1, 2));
        int[] count = new int[shards];
        for (ushort port = 1; port <= 8_000; port++)
        {
            var tuple = new FourTuple(InternetAddress.FromIpv4(10, 0, 0, 2), 80, InternetAddress.FromIpv4(10, 0, 0, 1), port);
            count[hash.ShardOf(in tuple, shards)]++;
        }
        Assert.All(count, part => Assert.InRange(part, 8_000 / shards * 0.85, 8_000 / shards * 1.15));
    }

    [Fact]
    public void Another_secret_is_another_hash()
    {
        var tuple = new FourTuple(InternetAddress.FromIpv4(10, 0, 0, 2), 80, InternetAddress.FromIpv4(10, 0, 0, 1), 1234);
        Assert.NotEqual(new RssHash(new StackSecret(1, 2)).Hash(in tuple), new RssHash(new StackSecret(1, 3)).Hash(in tuple));
    }
}
