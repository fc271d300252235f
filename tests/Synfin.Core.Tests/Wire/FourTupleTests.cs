using Synfin.Wire;
using Xunit;

namespace Synfin.Tests.Wire;

public sealed class FourTupleTests
{
    [Fact]
    public void The_other_end_sees_the_same_connection_reversed()
    {
        var tuple = new FourTuple(Packets.A6, 1, Packets.B6, 2);
        Assert.Equal(new FourTuple(Packets.B6, 2, Packets.A6, 1), tuple.Reversed);
        Assert.Equal(tuple, tuple.Reversed.Reversed);
    }

    [Fact]
    public void IPv6_addresses_stand_in_brackets()
    {
        Assert.Equal("192.0.2.1:1-198.51.100.7:65535", new FourTuple(Packets.A4, 1, Packets.B4, 65535).ToString());
        Assert.Equal("[2001:db8::1]:1-[2001:db8:0:7::b]:2", new FourTuple(Packets.A6, 1, Packets.B6, 2).ToString());
    }

    [Fact]
    public void A_segment_knows_its_connection_from_the_receivers_side()
    {
        var segment = new Segment { Source = Packets.A4, SourcePort = 1, Destination = Packets.B4, DestinationPort = 2 };
        Assert.Equal(new FourTuple(Packets.B4, 2, Packets.A4, 1), segment.Tuple);
    }
}
