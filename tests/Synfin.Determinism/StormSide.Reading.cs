using System.Buffers;
using System.IO.Pipelines;
using Synfin.Simulation;

namespace Synfin.Determinism;

internal sealed partial class StormSide
{
    private volatile bool _isReading;
    private int _leftUnread;

    private async Task ReadAll()
    {
        DeterministicRandom random = _random.Fork("read");
        long most = random.Chance(0.15) ? random.Next(8_000) : long.MaxValue;
        byte[] buffer = new byte[random.Chance(0.5) ? 1 + random.Next(3_000) : 65_536];
        while (Read < most)
        {
            int wanted = random.Chance(0.05) ? 0 : 1 + (int)random.Next(buffer.Length);
            using StormToken token = new(_storm, random, 0.15, _patience.Token);
            int count = 0;
            _isReading = true;
            bool done = await Try("read", async () => count = await Receive(buffer.AsMemory(0, wanted), token.Token), token);
            _isReading = false;
            if (!done)
            {
                if (token.WasCut) continue;
                EndReading();
                return;
            }
            if (count == 0 && wanted > 0)
            {
                SawEnd = true;
                EndReading();
                return;
            }
            Take(buffer.AsSpan(0, count), Read);
            Read += count;
            if (random.Chance(0.1) && !await _storm.Pause(random, 200, _patience.Token)) return;
        }
    }

    private ValueTask<int> Receive(Memory<byte> destination, CancellationToken ct) =>
        _face is StormFace.Stream ? _stream.ReadAsync(destination, ct) : _connection.ReadAsync(destination, ct);

    private void EndReading()
    {
        WasEndedByPeer = !_left && !Crashed && !_storm.IsStopped && !_patience.IsCancellationRequested;
        Note("reading ends");
    }

    private void Take(ReadOnlySpan<byte> octets, long position)
    {
        if (!StormPattern.Matches(octets, _readStream, position))
            Break($"a wrong octet among the {octets.Length} read from {position} on");
    }

    private async Task ReadPipe()
    {
        DeterministicRandom random = _random.Fork("read");
        long most = random.Chance(0.15) ? random.Next(8_000) : long.MaxValue;
        while (Read < most)
        {
            using StormToken token = new(_storm, random, 0.15, _patience.Token);
            ReadResult result = default;
            _isReading = true;
            bool triesFirst = random.Chance(0.2);
            bool done = await Try(
                "read",
                async () =>
                {
                    if (!triesFirst || !_pipe.Input.TryRead(out result)) result = await _pipe.Input.ReadAsync(token.Token);
                },
                token);
            _isReading = false;
            if (!done && token.WasCut) continue;
            if (!done)
            {
                EndReading();
                break;
            }
            if (!TakePart(random, in result)) continue;
            EndReading();
            break;
        }
        await Try("complete", async () => await _pipe.Input.CompleteAsync());
    }

    /// <summary>Looks at all of it, consumes a part, examines that or more.</summary>
    /// <returns>Whether the end was reached.</returns>
    private bool TakePart(DeterministicRandom random, in ReadResult result)
    {
        ReadOnlySequence<byte> buffer = result.Buffer;
        long place = Read;
        foreach (ReadOnlyMemory<byte> page in buffer)
        {
            Take(page.Span, place);
            place += page.Length;
        }
        bool takesAll = result.IsCompleted || random.Chance(0.6);
        long consumed = takesAll ? buffer.Length : random.Next(buffer.Length + 1);
        long examined = consumed + (random.Chance(0.7) ? buffer.Length - consumed : random.Next(buffer.Length - consumed + 1));
        Read += consumed;
        _leftUnread = (int)(buffer.Length - consumed);
        SawEnd = result.IsCompleted;
        _pipe.Input.AdvanceTo(buffer.GetPosition(consumed), buffer.GetPosition(examined));
        return SawEnd;
    }
}
