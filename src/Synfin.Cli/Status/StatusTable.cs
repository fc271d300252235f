using System.Globalization;
using System.Text;
using Synfin.Linux.Status;

namespace Synfin.Cli.Status;

/// <summary>A host for people: a line about it, a table of its connections with details under each, and what it counted.</summary>
internal sealed class StatusTable(TextWriter output, int width)
{
    private const int DetailIndent = 4;
    private static readonly string[] _head = ["State", "Recv-Q", "Send-Q", "Local", "Peer"];

    /// <summary>Writes it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="all">Whether listeners are shown.</param>
    public void Write(HostReport host, bool all)
    {
        WriteHead(host);
        ListenerReport[] listeners = all ? [.. host.Listeners] : [];
        if (listeners.Length + host.Connections.Count > 0) WriteRows(listeners, host.Connections);
        if (host.Unlisted > 0) output.WriteLine($"and {Number(host.Unlisted)} connections more");
        WriteCounters(host);
        output.Flush();
    }

    private void WriteHead(HostReport host)
    {
        List<string> facts = [host.Addresses.Count == 0 ? "no address" : string.Join(", ", host.Addresses)];
        if (host.Shards > 1) facts.Add($"{host.Shards} shards");
        facts.Add($"up {Uptime(host.UptimeSeconds)}");
        WriteWrapped($"{host.Device} ({host.Program}, process {host.ProcessId}):", facts, ", ", 0);
        IEnumerable<string> states = host.States.Select(state => $"{Number(state.Value)} {state.Key}");
        WriteWrapped("", host.States.Count == 0 ? ["no connections, no listeners"] : states, ", ", 0);
    }

    private void WriteRows(IReadOnlyList<ListenerReport> listeners, IReadOnlyList<ConnectionReport> connections)
    {
        List<(string[] Cells, ConnectionReport? Connection)> rows = [(_head, null)];
        foreach (ListenerReport listener in listeners)
            rows.Add((["LISTEN", Number(listener.AcceptQueue), Number(listener.Backlog), listener.Local, "*"], null));
        foreach (ConnectionReport one in connections)
            rows.Add(([one.State, Number(one.ReceiveQueue), Number(one.SendQueue), one.Local, one.Remote], one));
        int[] widths = [.. _head.Select((_, column) => rows.Max(row => row.Cells[column].Length))];
        foreach ((string[] cells, ConnectionReport? connection) in rows)
        {
            var line = new StringBuilder();
            for (int i = 0; i < cells.Length; i++)
            {
                bool isNumber = i is 1 or 2;
                line.Append(isNumber ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i])).Append("  ");
            }
            output.WriteLine(line.ToString().TrimEnd());
            if (connection is not null) WriteWrapped("", DetailsOf(connection), " ", DetailIndent);
        }
    }

    /// <summary>In the words of ss where it has one.</summary>
    private static IEnumerable<string> DetailsOf(ConnectionReport one)
    {
        yield return $"mss:{one.SendMss}/{one.ReceiveMss}";
        if (one.Options.Contains("wscale")) yield return $"wscale:{one.SendWindowScale},{one.ReceiveWindowScale}";
        foreach (string option in one.Options.Where(option => option != "wscale")) yield return option;
        yield return $"cwnd:{one.CongestionWindow}";
        if (one.SlowStartThreshold is { } threshold) yield return $"ssthresh:{threshold}";
        if (one.InRecovery) yield return "in-recovery";
        if (one.RoundTripTime is { } rtt) yield return $"rtt:{Time(rtt)}/{Time(one.RoundTripVariation ?? 0)}";
        yield return $"rto:{Time(one.RetransmissionTimeout)}";
        yield return $"snd_wnd:{one.SendWindow}";
        yield return $"rcv_wnd:{one.ReceiveWindow}";
        yield return $"bytes_sent:{one.OctetsSent}";
        yield return $"bytes_acked:{one.OctetsAcknowledged}";
        yield return $"bytes_received:{one.OctetsReceived}";
        yield return $"segs_out:{one.SegmentsSent}";
        yield return $"segs_in:{one.SegmentsReceived}";
        if (one.InFlight > 0) yield return $"in_flight:{one.InFlight}";
        if (one.OutOfOrder > 0) yield return $"out_of_order:{one.OutOfOrder}";
        if (one.TotalRetransmits > 0) yield return $"retrans:{one.Retransmits}/{one.TotalRetransmits}";
        if (one.Timer is { } timer) yield return $"timer:({timer},{Time(one.TimerIn ?? 0)})";
        if (one.SoftError is { } error) yield return $"soft_error:{error}";
        if (one.Shard > 0) yield return $"shard:{one.Shard}";
    }

    private void WriteCounters(HostReport host)
    {
        CounterReport c = host.Counters;
        List<string> counted =
        [
            $"{Number(c.PacketsReceived)} in", $"{Number(c.PacketsSent)} out",
        ];
        WriteWrapped("packets:", counted, ", ", 0);
        List<string> segments =
            [$"{Number(c.SegmentsReceived)} in", $"{Number(c.SegmentsSent)} out", $"{Number(c.SegmentsRetransmitted)} again"];
        AddIf(segments, c.ResetsReceived, "resets in");
        AddIf(segments, c.ResetsSent, "resets out");
        AddIf(segments, c.RetransmissionTimeouts, "timeouts");
        AddIf(segments, c.FastRecoveries, "fast recoveries");
        AddIf(segments, c.SynCookiesSent, "SYN cookies");
        WriteWrapped("segments:", segments, ", ", 0);
        List<string> opens = [$"{Number(c.PassiveOpens)} from peers", $"{Number(c.ActiveOpens)} from here"];
        AddIf(opens, c.FailedOpens, "failed");
        WriteWrapped("opened:", opens, ", ", 0);
        List<string> datagrams = [];
        AddIf(datagrams, c.DatagramsReceived, "in");
        AddIf(datagrams, c.DatagramsSent, "out");
        if (datagrams.Count > 0) WriteWrapped("datagrams:", datagrams, ", ", 0);
        if (host.Dropped.Count > 0) WriteWrapped("dropped:", host.Dropped.Select(drop => $"{Number(drop.Value)} {drop.Key}"), ", ", 0);
    }

    private static void AddIf(List<string> parts, long count, string what)
    {
        if (count > 0) parts.Add($"{Number(count)} {what}");
    }

    /// <summary>Parts in as many lines as it takes; those after the first are indented.</summary>
    private void WriteWrapped(string first, IEnumerable<string> parts, string separator, int indent)
    {
        var line = new StringBuilder().Append(' ', indent).Append(first);
        bool isFirst = true;
        string pending = first.Length > 0 ? " " : "";
        foreach (string part in parts)
        {
            string before = isFirst ? pending : separator;
            if (!isFirst && line.Length + before.Length + part.Length + 1 > width)
            {
                output.WriteLine(line.Append(separator.TrimEnd()).ToString());
                line.Clear().Append(' ', DetailIndent).Append(part);
            }
            else
            {
                line.Append(before).Append(part);
            }
            isFirst = false;
        }
        output.WriteLine(line.ToString());
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Of microseconds, at a size that people read.</summary>
    private static string Time(double microseconds) => microseconds switch
    {
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.#}us"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000:0.##}ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000:0.##}s"),
    };

    private static string Uptime(double seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        if (time.TotalDays >= 1) return string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h");
        if (time.TotalHours >= 1) return string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes} min");
        return time.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
    }
}
