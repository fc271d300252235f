using Synfin.Ethernet;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Ethernet;

/// <summary>Listeners' reports (RFC 3810): without them a switch that looks into them keeps solicitations from us.</summary>
public sealed class ListenerReportTests
{
    private const string Group = "ff02::1:ff00:1";

    private readonly EthernetSegment _segment = new();

    private static byte[] Query(string group, int delay, bool version1, byte hopLimit = 1)
    {
        byte[] message = new byte[version1 ? 24 : 28];
        message[0] = 130;
        message[4] = (byte)(delay >> 8);
        message[5] = (byte)delay;
        InternetAddress.Parse(group).WriteTo(message.AsSpan(8));
        return EthernetFrames.Icmpv6(254, "fe80::fe", "ff02::1", message, hopLimit);
    }

    private EthernetHost Quiet()
    {
        EthernetHost a = _segment.Host(1).With("fd00::1/64");
        _segment.Run(10);
        _segment.Said();
        return a;
    }

    [Fact]
    [Trait("Rfc", "3810 6.1")]
    public void The_group_of_an_address_is_reported_twice()
    {
        _segment.Host(1).With("fd00::1/64").With("fd01::1/64"); // both have the same group
        _segment.Run(60);
        Assert.Equal(
            Enumerable.Repeat($"1 to group: nobody ChangeToExclude {Group}", 2),
            _segment.Said().Where(line => line.Contains("Change", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Rfc", "3590 4")]
    public void What_was_reported_from_nobody_is_reported_again_from_the_link_local_address()
    {
        EthernetHost a = _segment.Host(1, new EthernetOptions());
        _segment.Run(60);
        InternetAddress group = a.Interface.Addresses.Single().Prefix.Address.SolicitedNode;
        string[] said = _segment.Said();
        Assert.Contains($"1 to group: nobody ChangeToExclude {group}", said);
        Assert.Contains($"1 to group: ChangeToExclude {group}", said);
    }

    [Theory]
    [InlineData("::", false, "nobody ModeIsExclude " + Group)]
    [InlineData(Group, false, "nobody ModeIsExclude " + Group)]
    [InlineData(Group, true, "nobody v1 " + Group)]
    [Trait("Rfc", "3810 6.2")]
    [Trait("Rfc", "3810 8.2.1")]
    public void A_query_is_answered_once_within_its_time_in_its_own_version(string group, bool version1, string answer)
    {
        Quiet();
        for (int i = 0; i < 5; i++) _segment.Says(Query(group, 10_000, version1));
        _segment.Said();
        _segment.Run(10);
        Assert.Equal([$"1 to group: {answer}"], _segment.Said());
    }

    [Fact]
    public void Queries_about_other_groups_and_from_beyond_the_link_are_not_answered()
    {
        EthernetHost a = Quiet();
        _segment.Says(Query("ff02::1:ff00:2", 100, version1: false));
        _segment.Says(Query("::", 100, version1: false, hopLimit: 2));
        _segment.Said();
        _segment.Run(10);
        Assert.Empty(_segment.Said());
        Assert.Equal(1, a.Interface.Counters.Malformed);
    }

    [Fact]
    [Trait("Rfc", "2464 7")]
    public void Frames_for_other_groups_are_not_looked_at()
    {
        EthernetHost a = Quiet();
        MacAddress other = MacAddress.ForGroup(InternetAddress.Parse("fd00::2").SolicitedNode);
        _segment.Says(EthernetFrames.Solicitation(6, "fd00::6", "fd00::2", other));
        Assert.Equal(1, a.Interface.Counters.NotForUs);
    }
}
