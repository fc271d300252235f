using System.IO.Pipelines;
using Synfin.Simulation;
using Synfin.Tcp;

namespace Synfin.Determinism;

internal sealed partial class StormSide
{
    private volatile bool _isWriting;
    private volatile bool _isDraining;

    private async Task Write()
    {
        DeterministicRandom random = _random.Fork("write");
        (long amount, int longest) = AmountOf(random);
        while (Accepted < amount)
        {
            byte[] text = new byte[(int)Math.Min(random.Next(longest + 1), amount - Accepted)];
            StormPattern.Fill(text, _writtenStream, Accepted);
            Offered = Math.Max(Offered, Accepted + text.Length);
            if (!await WriteOnce(random, text)) return;
            if (random.Chance(0.1)) await Drain(random);
            if (random.Chance(0.2) && !await _storm.Pause(random, 100, _patience.Token)) return;
        }
        await EndWriting(random);
    }

    private async Task<bool> WriteOnce(DeterministicRandom random, byte[] text)
    {
        using StormToken token = new(_storm, random, 0.1, _patience.Token);
        bool urgent = _face is StormFace.Connection && random.Chance(0.03);
        _isWriting = true;
        bool written = await Try("write", () => Send(text, urgent, token.Token), token);
        _isWriting = false;
        if (written) Accepted += text.Length;
        return written || (token.WasCut && FindPlace(text.Length));
    }

    private async Task Send(byte[] text, bool urgent, CancellationToken ct)
    {
        if (_face is StormFace.Stream) await _stream.WriteAsync(text, ct);
        else if (urgent) await _connection.WriteUrgentAsync(text, ct);
        else await _connection.WriteAsync(text, ct);
    }

    /// <summary>A cancelled write may have handed over a part; the status tells how much.</summary>
    private bool FindPlace(int count)
    {
        TcpStatus status = _connection.Status();
        if (status.State is TcpState.Closed or TcpState.TimeWait || Crashed) return false;
        long place = status.OctetsAcknowledged + status.SendQueue;
        if (place < Accepted || place > Accepted + count)
            Break($"a cancelled write of {count} octets at {Accepted} left the stream at {place}");
        Accepted = place;
        return true;
    }

    private async Task EndWriting(DeterministicRandom random)
    {
        if (random.Chance(0.7))
        {
            _endsStream = true;
            await Try("complete", async () => await _connection.CompleteWritesAsync());
            if (random.Chance(0.3)) await Drain(random);
            return;
        }
        if (random.Chance(0.3)) await Drain(random);
        await _storm.Pause(random, 50, _patience.Token);
        Leave();
        if (random.Chance(0.3)) _connection.Abort();
        else if (_face is StormFace.Stream) await _stream.DisposeAsync();
        else await _connection.DisposeAsync();
    }

    private async Task WritePipe()
    {
        DeterministicRandom random = _random.Fork("write");
        PipeWriter output = _pipe.Output;
        (long amount, int longest) = AmountOf(random);
        bool isHeard = true;
        while (isHeard && Offered < amount)
        {
            FillPipe(random, (int)Math.Min(1 + random.Next(longest), amount - Offered));
            if (random.Chance(0.7)) isHeard = await Flush(random);
            if (random.Chance(0.2) && !await _storm.Pause(random, 100, _patience.Token)) break;
        }
        bool aborts = random.Chance(0.1);
        if (aborts) _left = true;
        _endsStream = true;
        await Try("complete", async () => await output.CompleteAsync(aborts ? new IOException("storm") : null));
    }

    private void FillPipe(DeterministicRandom random, int count)
    {
        PipeWriter output = _pipe.Output;
        while (count > 0)
        {
            Memory<byte> memory = output.GetMemory(random.Chance(0.3) ? (int)random.Next(12_000) : 0);
            int part = Math.Min(memory.Length, Math.Min(count, 1 + (int)random.Next(6_000)));
            StormPattern.Fill(memory.Span[..part], _writtenStream, Offered);
            Offered += part;
            output.Advance(part);
            count -= part;
        }
    }

    /// <returns>Whether somebody is there.</returns>
    private async Task<bool> Flush(DeterministicRandom random)
    {
        using StormToken token = new(_storm, random, 0.15, _patience.Token);
        FlushResult result = default;
        _isWriting = true;
        bool flushed = await Try("flush", async () => result = await _pipe.Output.FlushAsync(token.Token), token);
        _isWriting = false;
        if (!flushed) return token.WasCut;
        if (!result.IsCompleted && _pipe.Output.UnflushedBytes == 0) Accepted = Offered;
        return !result.IsCompleted;
    }

    private static (long Amount, int Longest) AmountOf(DeterministicRandom random)
    {
        long amount = random.NextDouble() switch
        {
            < 0.1 => 0,
            < 0.6 => random.Next(5_000),
            < 0.95 => random.Next(30_000),
            _ => random.Next(150_000),
        };
        return (amount, random.Chance(0.4) ? 1_000 + (int)(amount / 20) : 20_000);
    }
}
