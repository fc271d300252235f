using System.Globalization;
using System.Security.Cryptography;
using Synfin.Simulation;
using Synfin.Stack;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Transfer;

/// <summary>RFC 9293 2.2: octets arrive once, in order and complete, whatever the network does.</summary>
internal sealed class Reliability : Scenario
{
    private const int Octets = 1_000_000;

    /// <inheritdoc/>
    public override string Name => "reliability";

    /// <inheritdoc/>
    public override string Question => "Does a megabyte arrive whole over a bad network?";

    /// <inheritdoc/>
    protected override SimulatedLinkOptions Link { get; } = new()
    {
        BitsPerSecond = 20_000_000,
        Delay = Duration.FromMilliseconds(10),
        Loss = 0.02,
        Duplicate = 0.02,
        Reorder = 0.02,
        Corrupt = 0.01,
    };

    /// <inheritdoc/>
    protected override void Play(Stage stage)
    {
        byte[] sent = new byte[Octets];
        stage.Network.Random.Fork("file").NextBytes(sent);
        using IncrementalHash received = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long octets = 0;
        stage.LadderOptions = stage.LadderOptions with { FoldTrouble = true };
        stage.Serve(async server =>
        {
            byte[] buffer = new byte[65_536];
            for (int count; (count = await server.ReadAsync(buffer)) > 0; octets += count) received.AppendData(buffer, 0, count);
            await server.CloseAsync();
        });
        stage.Connect(async client =>
        {
            await stage.Think();
            await client.WriteAsync(sent);
            await client.WhenDrained();
            await stage.Delay(0.1);
            await client.CloseAsync();
        });
        stage.RunUntilIdle();
        Report(stage, SHA256.HashData(sent), received.GetHashAndReset(), octets);
    }

    private static void Report(Stage stage, byte[] sent, byte[] received, long octets)
    {
        LinkStatistics there = stage.Link.Forward, back = stage.Link.Backward;
        Counters a = stage.A.Stack.Counters, b = stage.B.Stack.Counters;
        long badChecksums = a.Dropped[(int)DropReason.Checksum] + b.Dropped[(int)DropReason.Checksum];
        CultureInfo c = CultureInfo.InvariantCulture;
        stage.Remarks.Add(string.Create(c, $"b read {octets:N0} of {Octets:N0} octets."));
        stage.Remarks.Add(string.Create(c, $"{a.SegmentsSent + b.SegmentsSent:N0} segments, of which the network lost "
            + $"{there.LostByChance + back.LostByChance}, delivered {there.Duplicated + back.Duplicated} twice, held back "
            + $"{there.Reordered + back.Reordered} and altered {there.Corrupted + back.Corrupted}."));
        stage.Remarks.Add(string.Create(c, $"{badChecksums} were dropped for their checksum, "
            + $"{a.SegmentsRetransmitted + b.SegmentsRetransmitted} sent again: {a.FastRecoveries} recoveries by SACK, "
            + $"{a.RetransmissionTimeouts + b.RetransmissionTimeouts} by time-out."));
        stage.Remarks.Add($"SHA-256 at a: {Convert.ToHexStringLower(sent)}");
        stage.Remarks.Add($"SHA-256 at b: {Convert.ToHexStringLower(received)}");
        stage.Remarks.Add(sent.AsSpan().SequenceEqual(received) ? "Equal." : "Not equal.");
    }
}
