using Synfin.Core.Tests.Stack;
using Synfin.Ip;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ip;

[Trait("Rfc", "6056 3.3.4")]
[Trait("Threat", "33")]
public sealed class PortAllocatorTests
{
    private static readonly InternetAddress Local = InternetAddress.FromIpv4(10, 0, 0, 1);
    private static readonly InternetAddress Server = InternetAddress.FromIpv4(192, 0, 2, 1);

    [Fact]
    [Trait("Clause", "RFC6056-1")]
    public void All_ports_of_the_range_and_no_others_come_up_and_then_none()
    {
        var allocator = new PortAllocator(Tuples.Secret, 50_000, 50_999);
        var free = new FreePorts();
        for (int i = 0; i < 1_000; i++)
        {
            Assert.True(allocator.TryChoose(Local, Server, 443, ref free, out ushort port));
            Assert.InRange(port, 50_000, 50_999);
            Assert.True(free.Taken.Add(port));
        }

        free.Asked = 0;
        Assert.False(allocator.TryChoose(Local, Server, 443, ref free, out ushort none));
        Assert.Equal(0, none);
        Assert.Equal(1_000, free.Asked);
    }

    [Theory]
    [InlineData(1, 65535)]
    [InlineData(65535, 65535)]
    [InlineData(1, 1)]
    public void The_last_free_port_is_found(ushort first, ushort last)
    {
        var allocator = new PortAllocator(Tuples.Secret, first, last);
        var free = new FreePorts { Only = last };
        Assert.True(allocator.TryChoose(Local, Server, 443, ref free, out ushort port));
        Assert.Equal(last, port);
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(101, 100)]
    public void An_empty_range_and_port_0_are_refused(ushort first, ushort last)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PortAllocator(Tuples.Secret, first, last));
    }

    [Fact]
    [Trait("Clause", "RFC6056-2")]
    public void Each_part_of_a_destination_and_the_secret_give_another_start()
    {
        ushort port = First(Tuples.Secret, Local, Server, 443);
        Assert.Equal(port, First(Tuples.Secret, Local, Server, 443));
        Assert.NotEqual(port, First(Tuples.Secret, Local, Server, 444));
        Assert.NotEqual(port, First(Tuples.Secret, Local, InternetAddress.FromIpv4(192, 0, 2, 2), 443));
        Assert.NotEqual(port, First(Tuples.Secret, InternetAddress.FromIpv4(10, 0, 0, 2), Server, 443));
        Assert.NotEqual(port, First(Tuples.OtherSecret, Local, Server, 443));
    }

    [Fact]
    public void Starts_are_spread_evenly_over_the_range()
    {
        var allocator = new PortAllocator(Tuples.Secret, 32_768, 65_535);
        var free = new FreePorts();
        var counts = new int[256];
        for (uint i = 0; i < 100_000; i++)
        {
            Assert.True(allocator.TryChoose(Local, InternetAddress.FromIpv4(i), 443, ref free, out ushort port));
            counts[(port - 32_768) / 128]++;
        }
        Assert.InRange(Tuples.ChiSquare(counts), 155, 355);
    }

    [Fact]
    public void A_destination_does_not_see_a_port_again_soon()
    {
        var allocator = new PortAllocator(Tuples.Secret, 32_768, 65_535);
        var free = new FreePorts();
        var seen = new HashSet<ushort>();
        for (int i = 0; i < 32_768 / 8; i++)
        {
            allocator.TryChoose(Local, Server, 443, ref free, out ushort port);
            Assert.True(seen.Add(port));
        }
    }

    [Fact]
    [Trait("Cve", "2022-1012")]
    [Trait("Cve", "2022-32296")]
    [Trait("Clause", "RFC6056-3")]
    public void A_destination_cannot_count_the_connections_to_others()
    {
        // The steps that one destination sees are noise, and connections to other places hardly ever add to them.
        var allocator = new PortAllocator(Tuples.Secret, 32_768, 65_535);
        var free = new FreePorts();
        allocator.TryChoose(Local, Server, 443, ref free, out ushort last);
        var steps = new int[8];
        int large = 0;
        for (int i = 0; i < 2_000; i++)
        {
            for (uint other = 0; other < 5; other++)
            {
                allocator.TryChoose(Local, InternetAddress.FromIpv4((uint)(5 * i) + other), 80, ref free, out _);
            }
            allocator.TryChoose(Local, Server, 443, ref free, out ushort port);
            int step = (port - last + 32_768) % 32_768;
            if (step is >= 1 and <= 8) steps[step - 1]++;
            else large++;
            last = port;
        }
        Assert.InRange(Tuples.ChiSquare(steps), 0.5, 30);
        Assert.InRange(large, 0, 20);
    }

    private static ushort First(Synfin.Stack.StackSecret secret, InternetAddress local, InternetAddress remote, ushort remotePort)
    {
        var free = new FreePorts();
        Assert.True(new PortAllocator(secret, 1_024, 65_535).TryChoose(local, remote, remotePort, ref free, out ushort port));
        return port;
    }

    private struct FreePorts() : IPortPredicate
    {
        public readonly HashSet<ushort> Taken = [];
        public int Asked;
        public ushort Only;

        public bool IsFree(ushort port)
        {
            Asked++;
            return Only != 0 ? port == Only : !Taken.Contains(port);
        }
    }
}
