using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>From the smallest MTU of IPv6 to the largest of all, with and without offloads and a second queue.</summary>
[Trait("Needs", "tun")]
public sealed class MtuTests
{
    private const int Octets = 1_200_007;

    public static TheoryData<int, bool, int> Links => [.. from mtu in new[] { 1280, 1500, 9000, 65_535 }
                                                         from offloads in new[] { false, true }
                                                         from queues in new[] { 1, 2 }
                                                         select (mtu, offloads, queues)];

    [Theory]
    [MemberData(nameof(Links))]
    public async Task Both_IPs_carry_a_megabyte_each_way(int mtu, bool offloads, int queues)
    {
        using Testbed bed = Testbed.Create(mtu, queues, offloads);
        foreach (bool ipv6 in new[] { false, true })
        {
            using Transfers fromKernel = await Transfers.KernelOpensAsync(bed.Kernel, bed.Sockets, Testbed.SynfinAddress(ipv6));
            using Transfers fromSynfin = await Transfers.SynfinOpensAsync(bed.Kernel, bed.Sockets, Testbed.KernelAddress(ipv6));
            foreach (Transfers transfers in new[] { fromKernel, fromSynfin })
            {
                await transfers.ExchangeAsync(Octets);
                int headers = (ipv6 ? 40 : 20) + 20 + 12; // TCP with timestamps
                Assert.Equal(mtu - headers, transfers.Synfin!.Status().SendMss);
                await transfers.EndAsync();
            }
        }
        bed.EndsSoundly();
        if (Requires.Has("tshark")) Assert.Equal(0, bed.Wire.Count($"ip.len > {mtu} || ipv6.plen > {mtu - 40}"));
    }
}
