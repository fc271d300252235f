using System.Globalization;

namespace Synfin.Simulation.Faults;

/// <summary>
/// What a host's own TCP makes of the stream that the application there writes, cut at an exact octet; see
/// <see cref="SimulatedHost.AddFault(StreamFault)"/>. The application is not told: what it writes beyond the cut is swallowed. Its peer
/// sees a server, say, that hangs, closes or crashes in mid-answer.
/// </summary>
/// <remarks>
/// <para>With 0 octets the cut is made when the application first writes: nothing, then hang, FIN or RST. Otherwise it is made when the
/// last octet that passes is written, so a stream that ends before is left alone, and <see cref="Applied"/> stays 0.</para>
/// <para>After a hang the application's CLOSE and ABORT go nowhere either, and who waits for the end of the connection waits for what the
/// peer does. After FIN they go on as ever. RST waits until the peer has acknowledged the octets before it; reads of the application then
/// fail with OperationAborted, as after an ABORT of its own.</para>
/// <para>A fault counts the connections of its host that it may be meant for, from its adding; of the faults that are meant for a
/// connection the first added decides.</para>
/// </remarks>
/// <example><code>net["server"].AddFault(StreamFault.ResetAfter(100));</code></example>
public sealed class StreamFault : IFault
{
    /// <summary>
    /// Octets of a connection that <see cref="TruncateAt"/> holds at most while it waits for the end of the output: 16 MiB.
    /// </summary>
    public const int MaxHeld = 16 * 1024 * 1024;

    private SimulatedHost? _host;
    private long _mostWritten;
    private long _mostHeld;
    private string? _failure;

    private StreamFault(StreamFaultKind kind, long octets = 0, double fraction = 1)
    {
        Kind = kind;
        Octets = octets;
        Fraction = fraction;
    }

    /// <summary>How the stream ends.</summary>
    public StreamFaultKind Kind { get; }

    /// <summary>How many octets reach the peer; for <see cref="StreamFaultKind.Hang"/>, <c>Fin</c> and <c>Reset</c>.</summary>
    public long Octets { get; }

    /// <summary>Which part of the output reaches the peer, from 0 up to but not 1; for <see cref="StreamFaultKind.Truncate"/>.</summary>
    public double Fraction { get; }

    /// <summary>
    /// Only the host's nth connection, made or accepted, from 1; of those with <see cref="Port"/> if it is set. Null for all.
    /// </summary>
    public int? Connection { get; private init; }

    /// <summary>Only connections with this port on the host's side; null for any.</summary>
    public ushort? Port { get; private init; }

    /// <summary>On how many connections it was applied.</summary>
    public long Applied { get; private set; }

    /// <summary>How many connections it may have been meant for, <see cref="Connection"/> apart.</summary>
    public long Matched { get; private set; }

    /// <summary>Whether <see cref="SimulatedNetwork.Test(Action, TimeSpan?, string)"/> may succeed though it was never applied.</summary>
    public bool Optional { get; set; }

    string IFault.Title => $"the fault '{this}' of host {_host}";

    string IFault.Tally => $"host {_host}: {this}: {Counted.Applied(Applied)} on {Counted.Things(Matched, "connection")}";

    /// <summary>Everything arrives: the case to compare with. It counts as applied when something is written.</summary>
    public static StreamFault Full() => new(StreamFaultKind.Full);

    /// <summary>So many octets, then silence.</summary>
    public static StreamFault HangAfter(long octets) => new(StreamFaultKind.Hang, Checked(octets));

    /// <summary>So many octets, then FIN: an orderly end, too early.</summary>
    public static StreamFault FinAfter(long octets) => new(StreamFaultKind.Fin, Checked(octets));

    /// <summary>So many octets, all of which the peer gets, then RST.</summary>
    public static StreamFault ResetAfter(long octets) => new(StreamFaultKind.Reset, Checked(octets));

    /// <summary>
    /// Silent truncation: the output is held until the application ends it, by CLOSE or a half-close, and then this part of it goes out,
    /// rounded down to octets, with FIN. For answers that end with their connection; at most <see cref="MaxHeld"/> octets.
    /// </summary>
    /// <param name="fraction">From 0, up to but not 1.</param>
    public static StreamFault TruncateAt(double fraction)
    {
        if (fraction is not (>= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "a part of the output lies between 0 and 1, such as 0.5");
        }
        return new StreamFault(StreamFaultKind.Truncate, fraction: fraction);
    }

    /// <summary>
    /// Reads a fault such as <c>partial-rst 100</c> or <c>truncate 50% port 80</c>; see <see cref="StreamFaultGrammar.Help"/>.
    /// </summary>
    /// <exception cref="RuleSyntaxException">The message says what is wrong, where, and what to write.</exception>
    public static StreamFault Parse(string text) => StreamFaultGrammar.Parse(text);

    /// <summary>The same fault for the nth connection alone; a new one, which was never applied.</summary>
    /// <param name="connection">From 1.</param>
    public StreamFault OnConnection(int connection)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(connection);
        return new StreamFault(Kind, Octets, Fraction) { Connection = connection, Port = Port, Optional = Optional };
    }

    /// <summary>The same fault for one port of the host alone; a new one, which was never applied.</summary>
    public StreamFault OnPort(ushort port)
    {
        ArgumentOutOfRangeException.ThrowIfZero(port);
        return new StreamFault(Kind, Octets, Fraction) { Connection = Connection, Port = port, Optional = Optional };
    }

    /// <summary>The fault in the words of <see cref="StreamFaultGrammar"/>.</summary>
    public override string ToString() => StreamFaultGrammar.Format(this);

    /// <summary>A fault counts for one host.</summary>
    internal void JoinHost(SimulatedHost host)
    {
        if (_host is not null)
        {
            throw new InvalidOperationException(
                $"the fault '{this}' belongs to host {_host} already, where it counts: make another for host {host}");
        }
        _host = host;
    }

    internal void LeaveHost() => _host = null;

    /// <summary>Counts a new connection, and says whether the fault is meant for it.</summary>
    internal bool IsMeantFor(ushort localPort)
    {
        if (Port is { } port && port != localPort) return false;
        Matched++;
        return Connection is not { } connection || connection == Matched;
    }

    internal void NoteApplied() => Applied++;

    internal void NoteWritten(long octets) => _mostWritten = Math.Max(_mostWritten, octets);

    internal void NoteHeld(long octets) => _mostHeld = Math.Max(_mostHeld, octets);

    /// <summary>It cannot be done; said again in the report, as the application may keep it to itself.</summary>
    internal InvalidOperationException NoteFailure()
    {
        _failure = string.Create(
            CultureInfo.InvariantCulture,
            $"the fault '{this}' of host {_host} holds what the application writes until that ends, and it wrote more than "
            + $"{MaxHeld} octets (StreamFault.MaxHeld): close the connection earlier, or cut at an octet with StreamFault.FinAfter");
        return new InvalidOperationException(_failure);
    }

    string IFault.ExplainAbsence()
    {
        if (_failure is not null) return _failure;
        if (Matched == 0)
        {
            string where = Port is { } port ? string.Create(CultureInfo.InvariantCulture, $" with local port {port}") : "";
            return $"no connection{where} was made or accepted there after it was added: add it before, and to the host whose output "
                + "it is to cut (a server's answer is cut at the server)";
        }
        if (Connection > Matched)
        {
            return $"it waits for connection {Connection} there, and there was {Counted.Things(Matched, "connection")}: make more, or "
                + "name an earlier one";
        }
        if (Kind is StreamFaultKind.Truncate && _mostHeld > 0)
        {
            return $"it holds {Counted.Things(_mostHeld, "octet")} until the application ends its output, which it did not: close the "
                + "connection after the answer (HTTP/1.1 keeps it open: send 'Connection: close'), or cut at an octet with "
                + "StreamFault.FinAfter";
        }
        if (_mostWritten == 0) return "the application there wrote nothing";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"it cuts after {Octets} octets, and the application wrote {_mostWritten} at most: write more, or cut earlier");
    }

    private static long Checked(long octets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        return octets;
    }
}
