using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Dns;

/// <summary>One question, one server, one answer; and who is asked next.</summary>
public sealed partial class DnsResolver
{
    /// <summary>The most messages that are no answer to a query before it is asked by TCP, where guessing is harder.</summary>
    private const int MaxWrongAnswers = 32;

    private const int LengthPrefix = 2;

    /// <summary>All servers in turn, as often as <see cref="DnsOptions.Attempts"/> says, until one answers usefully.</summary>
    private async ValueTask<DnsAnswer> AskServers(DnsLookup lookup, DnsQuestion question)
    {
        int count = lookup.Servers.Count;
        if (count == 0) return new(DnsAnswerKind.Failure) { Trouble = "no DNS server is known: set DnsOptions.Servers" };
        string[] troubles = new string[count];
        for (int attempt = 0; attempt < lookup.Options.Attempts; attempt++)
        {
            for (int i = 0; i < count; i++)
            {
                int index = (lookup.First + i) % count;
                DnsServer server = lookup.Servers[index];
                DnsAnswer answer = await AskServer(lookup, server, question).ConfigureAwait(false);
                if (answer.Kind is DnsAnswerKind.Addresses or DnsAnswerKind.Alias) return answer;
                if (answer.Kind is DnsAnswerKind.NoData or DnsAnswerKind.NoName) return answer with { Trouble = server.ToString() };
                troubles[index] = $"{server} {answer.Trouble}";
            }
        }
        int asked = lookup.Options.Attempts;
        string times = asked == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{asked} times");
        return new(DnsAnswerKind.Failure) { Trouble = $"asked {times}: {string.Join(", ", troubles)}" };
    }

    /// <summary>By UDP; by TCP if the answer is too long; without EDNS if that is not understood (RFC 6891 7).</summary>
    private async ValueTask<DnsAnswer> AskServer(DnsLookup lookup, DnsServer server, DnsQuestion question)
    {
        bool edns = !server.RefusesEdns;
        DnsAnswer answer = await Exchange(lookup, server, question, edns).ConfigureAwait(false);
        if (answer.Kind is not DnsAnswerKind.NotUnderstood || !edns) return answer;
        answer = await Exchange(lookup, server, question, edns: false).ConfigureAwait(false);
        if (answer.Kind is not (DnsAnswerKind.NotUnderstood or DnsAnswerKind.Failure)) server.RefusesEdns = true;
        return answer;
    }

    private async ValueTask<DnsAnswer> Exchange(DnsLookup lookup, DnsServer server, DnsQuestion question, bool edns)
    {
        DnsAnswer answer = await Exchange(lookup, server, question, edns, tcp: false).ConfigureAwait(false);
        if (answer.Kind is not DnsAnswerKind.Truncated) return answer;
        answer = await Exchange(lookup, server, question, edns, tcp: true).ConfigureAwait(false);
        return answer.Kind is DnsAnswerKind.Truncated
            ? new(DnsAnswerKind.Failure) { Trouble = "cut its answer even by TCP" }
            : answer;
    }

    /// <summary>
    /// One exchange, which has <see cref="DnsOptions.Timeout"/>. What goes wrong is the server's failure, unless nobody waits any more.
    /// </summary>
    private async ValueTask<DnsAnswer> Exchange(DnsLookup lookup, DnsServer server, DnsQuestion question, bool edns, bool tcp)
    {
        CancellationTokenSource timeout = Begin(lookup);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(tcp ? LengthPrefix + ushort.MaxValue : DnsQueryWriter.UdpPayload);
        try
        {
            DnsAnswer answer = tcp
                ? await ExchangeTcp(server, question, edns, buffer, timeout.Token).ConfigureAwait(false)
                : await ExchangeUdp(server, question, edns, buffer, timeout.Token).ConfigureAwait(false);
            return answer.Kind is DnsAnswerKind.Malformed ? answer with { Trouble = "sent an answer that cannot be read" } : answer;
        }
        catch (OperationCanceledException) when (!lookup.IsAbandoned)
        {
            string how = tcp ? " by TCP" : "";
            double seconds = lookup.Options.Timeout.TotalSeconds;
            return Failure(string.Create(CultureInfo.InvariantCulture, $"did not answer{how} within {seconds:0.###} s"));
        }
        catch (SocketException e)
        {
            return Failure($"could not be asked: {e.Message}");
        }
        catch (IOException e)
        {
            return Failure($"could not be asked by TCP: {e.Message}");
        }
        finally
        {
            End(lookup, timeout);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>RFC 5452: each query has a port and an id of its own, which nobody can foresee; the stack hears the server alone.</summary>
    private async ValueTask<DnsAnswer> ExchangeUdp(
        DnsServer server, DnsQuestion question, bool edns, byte[] buffer, CancellationToken ct)
    {
        using UdpSocket socket = _stack.BindUdp(null, 0);
        socket.Connect(server.EndPoint);
        int length = WriteQuery(buffer, in question, edns, out ushort id);
        await socket.SendAsync(buffer.AsMemory(0, length), ct).ConfigureAwait(false);
        for (int wrong = 0; wrong < MaxWrongAnswers; wrong++)
        {
            UdpReceived received = await socket.ReceiveFromAsync(buffer, ct).ConfigureAwait(false);
            DnsAnswer answer = DnsAnswerReader.Read(buffer.AsSpan(0, received.Count), id, in question);
            if (answer.Kind is DnsAnswerKind.NotOurs) CountIgnored();
            else return received.Truncated ? new(DnsAnswerKind.Truncated) : answer;
        }
        return new(DnsAnswerKind.Truncated);
    }

    /// <summary>RFC 7766: the length in two octets, then the message.</summary>
    private async ValueTask<DnsAnswer> ExchangeTcp(
        DnsServer server, DnsQuestion question, bool edns, byte[] buffer, CancellationToken ct)
    {
        InternetAddress address = server.EndPoint.Address.ToInternetAddress();
        TcpConnection connection = await _stack.ConnectAsync(address, (ushort)server.EndPoint.Port, ct: ct).ConfigureAwait(false);
        try
        {
            int length = WriteQuery(buffer.AsSpan(LengthPrefix), in question, edns, out ushort id);
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
            await connection.WriteAsync(buffer.AsMemory(0, LengthPrefix + length), ct).ConfigureAwait(false);
            await Fill(connection, buffer.AsMemory(0, LengthPrefix), ct).ConfigureAwait(false);
            length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            await Fill(connection, buffer.AsMemory(0, length), ct).ConfigureAwait(false);
            DnsAnswer answer = DnsAnswerReader.Read(buffer.AsSpan(0, length), id, in question);
            return answer.Kind is DnsAnswerKind.NotOurs ? Failure("answered another question by TCP") : answer;
        }
        finally
        {
            connection.Close();
        }
    }

    private static async ValueTask Fill(TcpConnection connection, Memory<byte> destination, CancellationToken ct)
    {
        while (!destination.IsEmpty)
        {
            int read = await connection.ReadAsync(destination, ct).ConfigureAwait(false);
            if (read == 0) throw new IOException("it closed before the end of its answer");
            destination = destination[read..];
        }
    }

    private static DnsAnswer Failure(string trouble) => new(DnsAnswerKind.Failure) { Trouble = trouble };

    private int WriteQuery(Span<byte> destination, in DnsQuestion question, bool edns, out ushort id)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ResolveAsync));
        QueriesSent++;
        id = _random.NextUInt16();
        return DnsQueryWriter.Write(destination, id, in question, edns);
    }

    private void CountIgnored()
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ResolveAsync));
        AnswersIgnored++;
    }

    private CancellationTokenSource Begin(DnsLookup lookup)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ResolveAsync));
        if (lookup.IsAbandoned) throw new OperationCanceledException();
        CancellationTokenSource timeout = new(lookup.Options.Timeout, _time);
        lookup.Begin(timeout);
        return timeout;
    }

    private void End(DnsLookup lookup, CancellationTokenSource timeout)
    {
        using StackGate.Visit visit = _stack.Gate.Enter(nameof(ResolveAsync));
        lookup.End();
        timeout.Dispose();
    }
}
