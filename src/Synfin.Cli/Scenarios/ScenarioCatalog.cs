namespace Synfin.Cli.Scenarios;

/// <summary>All scenarios of <c>synfin demo</c>.</summary>
internal static class ScenarioCatalog
{
    /// <summary>In the order of <c>--list</c>; the first one is shown if none is named.</summary>
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new Http.HttpRequest(),
        new Http.HttpConnections(),
        new Transfer.Exchange(),
        new Opening.Handshake(),
        new Closing.Close(),
        new Closing.CloseThreeSegments(),
        new Closing.HalfClose(),
        new Opening.SimultaneousOpen(),
        new Closing.SimultaneousClose(),
        new Opening.LostSyn(),
        new Opening.LostSynAck(),
        new Opening.LostHandshakeAck(),
        new Opening.StaleSyn(),
        new Closing.LostFin(),
        new Closing.LostFinAck(),
        new Closing.LostLastAck(),
        new Closing.TimeWait(),
        new Breaking.Refused(),
        new Breaking.HalfOpen(),
        new Breaking.Abort(),
        new Breaking.CloseWithUnreadData(),
        new Transfer.Urgent(),
        new Transfer.ZeroWindow(),
        new Opening.SynFlood(),
        new Breaking.KeepAlive(),
        new Breaking.RetransmissionTimeout(),
        new Transfer.Reliability(),
        new Storm.StormScenario(),
    ];
}
