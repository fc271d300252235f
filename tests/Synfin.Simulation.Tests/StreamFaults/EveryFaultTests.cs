using Synfin.Simulation.Faults;
using Synfin.Tcp;

namespace Synfin.Simulation.Tests.StreamFaults;

[Trait("Needs", "engine")]
public sealed class EveryFaultTests
{
    /// <summary>The fault, how many octets a sees, how its reads end, and what both ends know about the end.</summary>
    private static readonly (string Fault, int Octets, string End, CloseReason Client, CloseReason Server)[] s_faults =
    [
        ("full", 250, "FIN", CloseReason.RemoteClose, CloseReason.LocalClose),
        ("partial-hang 100", 100, "hang", CloseReason.None, CloseReason.None),
        ("partial-fin 100", 100, "FIN", CloseReason.RemoteClose, CloseReason.LocalClose),
        ("partial-rst 100", 100, "RST", CloseReason.RemoteReset, CloseReason.LocalAbort),
        ("partial-hang 1", 1, "hang", CloseReason.None, CloseReason.None),
        ("partial-fin 120", 120, "FIN", CloseReason.RemoteClose, CloseReason.LocalClose),
        ("partial-rst 250", 250, "RST", CloseReason.RemoteReset, CloseReason.LocalAbort),
        ("nothing-hang", 0, "hang", CloseReason.None, CloseReason.None),
        ("nothing-fin", 0, "FIN", CloseReason.RemoteClose, CloseReason.LocalClose),
        ("nothing-rst", 0, "RST", CloseReason.RemoteReset, CloseReason.LocalAbort),
        ("truncate", 125, "FIN", CloseReason.RemoteClose, CloseReason.LocalClose),
        ("truncate 33.3%", 83, "FIN", CloseReason.RemoteClose, CloseReason.LocalClose),
        ("truncate 0%", 0, "FIN", CloseReason.RemoteClose, CloseReason.LocalClose),
    ];

    public static TheoryData<string, Means, SimulationMode> Cases() =>
        [.. from fault in s_faults from means in Enum.GetValues<Means>() from mode in Enum.GetValues<SimulationMode>()
            select new TheoryDataRow<string, Means, SimulationMode>(fault.Fault, means, mode)];

    public static TheoryData<string, Means> StrictCases() =>
        [.. from fault in s_faults from means in Enum.GetValues<Means>() select new TheoryDataRow<string, Means>(fault.Fault, means)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_fault_cuts_at_its_octet_and_the_application_is_not_told(string text, Means means, SimulationMode mode)
    {
        (_, int octets, string end, CloseReason client, CloseReason server) = Array.Find(s_faults, f => f.Fault == text);
        using FaultedExchange exchange = new(mode);
        StreamFault fault = exchange.Net["b"].AddFault(text);
        await exchange.Run(means, octets, hangs: end == "hang");

        Assert.Equal(exchange.Text[..octets], exchange.Seen);
        Assert.Equal(end, exchange.End);
        Assert.True(exchange.ServerIsContent, exchange.Net.Describe());
        Assert.Equal((1, 1), (fault.Matched, fault.Applied));
        if (mode is SimulationMode.Strict || end == "RST")
            Assert.Equal((client, server), (exchange.Client!.CloseReason, exchange.Server!.CloseReason));
    }

    [Theory]
    [InlineData("full", "Syn, Ack 0", "Fin, Ack 250")]
    [InlineData("partial-hang 100", "Syn, Ack 0", "Ack 100")]
    [InlineData("partial-fin 100", "Syn, Ack 0", "Fin, Ack 100")]
    [InlineData("partial-rst 100", "Syn, Ack 0", "Ack 100", "Rst, Ack 0")]
    [InlineData("nothing-hang", "Syn, Ack 0", "Ack 0")]
    [InlineData("nothing-fin", "Syn, Ack 0", "Fin, Ack 0")]
    [InlineData("nothing-rst", "Syn, Ack 0", "Rst, Ack 0")]
    [InlineData("truncate 50%", "Syn, Ack 0", "Fin, Ack 125")]
    public async Task The_wire_shows_what_the_fault_says(string fault, params string[] sent)
    {
        using FaultedExchange exchange = new(SimulationMode.Strict);
        exchange.Net["b"].AddFault(fault);
        await exchange.Run(Means.Stream);
        string[] seen = exchange.SentBy("b");
        // The last ACK of an orderly end follows a's FIN.
        if (exchange.End == "FIN") seen = seen[..^1];
        Assert.Equal(sent, seen);
    }

    [Theory]
    [MemberData(nameof(StrictCases))]
    public async Task Equal_seeds_give_equal_runs(string fault, Means means)
    {
        ulong first = await Hash(seed: 7), second = await Hash(seed: 7), other = await Hash(seed: 8);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);

        async Task<ulong> Hash(ulong seed)
        {
            using FaultedExchange exchange = new(SimulationMode.Strict, seed);
            exchange.Net["b"].AddFault(fault);
            await exchange.Run(means);
            return exchange.Net.TraceHash;
        }
    }
}
