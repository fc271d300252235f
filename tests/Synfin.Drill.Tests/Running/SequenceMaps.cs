using Synfin.Drill.Running;

namespace Synfin.Drill.Tests.Running;

/// <summary>The script's numbers and those on the wire (RFC 9293 3.4: modulo 2^32).</summary>
public sealed class SequenceMaps
{
    [Theory]
    [InlineData(0L, 0u)]
    [InlineData(0L, 1u)]
    [InlineData(0L, 0xFFFF_FFFFu)]
    [InlineData(0L, 0x8000_0000u)]
    [InlineData(100L, 50u)]
    [InlineData(0xFFFF_FFFFL, 7u)]
    [InlineData(4_294_967_296L, 9u)] // 64 bits in the script
    public void What_goes_there_comes_back(long script, uint live)
    {
        var map = new SequenceMap();
        map.Learn(script, live);
        Assert.Equal(live, map.ToLive(script));
        for (long i = -3; i <= 3; i++)
        {
            uint onWire = map.ToLive(script + i);
            Assert.Equal(unchecked(live + (uint)i), onWire);
            Assert.Equal(unchecked((uint)(script + i)), map.ToScript(onWire));
        }
    }

    [Fact]
    public void Numbers_wrap_on_the_wire_where_the_script_does_not()
    {
        var map = new SequenceMap();
        map.Learn(0, 0xFFFF_FFF0);
        Assert.Equal(0x10u, map.ToLive(0x20));
        Assert.Equal(0x20u, map.ToScript(0x10));
    }

    [Fact]
    public void Without_a_SYN_they_are_the_same() => Assert.Equal((5u, 5u), (new SequenceMap().ToLive(5), new SequenceMap().ToScript(5)));

    [Fact]
    public void A_guess_is_for_messages_until_a_line_names_the_SYN()
    {
        var map = new SequenceMap();
        map.Guess(1000);
        Assert.Equal((0u, false), (map.ToScript(1000), map.IsKnown));
        map.Learn(300, 1000);
        map.Guess(2000);
        Assert.Equal((300u, true), (map.ToScript(1000), map.IsKnown));
    }

    [Fact]
    public void Another_incarnation_keeps_the_numbers_until_its_SYN_is_named()
    {
        var map = new SequenceMap();
        map.Learn(0, 1000);
        map.Forget();
        Assert.Equal(1001u, map.ToLive(1));
        map.Learn(0, 5000);
        Assert.Equal(5001u, map.ToLive(1));
    }

    [Fact]
    public void An_echoed_timestamp_is_the_one_that_stood_on_the_wire()
    {
        var map = new TimestampMap();
        map.Learn(100, 0xFFFF_FFFE);
        map.Learn(140, 38);
        Assert.Equal((0xFFFF_FFFEu, 38u), (map.ToLive(100), map.ToLive(140)));
        Assert.Equal(8u, map.ToLive(110)); // never named: as far from the first as in the script
        Assert.Equal((100u, 140u), (map.ToScript(0xFFFF_FFFE), map.ToScript(38)));
        Assert.Equal(0u, map.ToLive(0));
        map.Forget();
        map.Learn(500, 9);
        Assert.Equal((500u, 9u), (map.ToScript(9), map.ToLive(500)));
    }
}
