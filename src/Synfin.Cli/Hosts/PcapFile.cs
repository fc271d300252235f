using Synfin.Captures.Pcapng;
using Synfin.Linux;
using Synfin.Timers;

namespace Synfin.Cli.Hosts;

/// <summary>
/// A capture file that several threads write to, and that is never more than a second behind for whoever reads it meanwhile.
/// </summary>
internal sealed class PcapFile : IDisposable
{
    private static readonly TimeSpan _flushAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly PcapngWriter _writer;
    private readonly Action<string> _complain;
    private readonly string _path;
    private readonly ITimer _timer;
    private bool _isDirty;
    private bool _isOver;

    private PcapFile(string path, PcapngWriter writer, Action<string> complain, TimeProvider time)
    {
        _path = path;
        _writer = writer;
        _complain = complain;
        _timer = time.CreateTimer(static file => ((PcapFile)file!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes the file, or makes it empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">The interface's name in it.</param>
    /// <param name="ethernet">Whether it has Ethernet frames.</param>
    /// <param name="complain">Is told, once, if it cannot be written any more; the host goes on.</param>
    /// <param name="time">The date, and the timer.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static PcapFile Create(string path, string device, bool ethernet, Action<string> complain, TimeProvider time)
    {
        // The monotonic clock has no date: the file's times start now.
        DateTimeOffset epoch = time.GetUtcNow() - new Duration(MonotonicClock.Now().Nanoseconds).ToTimeSpan();
        var writer = new PcapngWriter(File.Create(path), new PcapngOptions { Epoch = epoch, Application = "synfin" });
        writer.AddInterface(device, ethernet);
        writer.Flush();
        return new PcapFile(path, writer, complain, time);
    }

    /// <summary>Writes a packet; a <see cref="PacketTap"/>.</summary>
    public void Tap(Timestamp time, bool outbound, ReadOnlySpan<byte> packet)
    {
        lock (_lock)
        {
            if (_isOver) return;
            try
            {
                _writer.Write(0, packet, time);
            }
            catch (IOException failure)
            {
                GiveUp(failure);
                return;
            }
            if (_isDirty) return;
            _isDirty = true;
            _timer.Change(_flushAfter, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Writes what is left, and closes the file.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            if (_isOver) return;
            _isOver = true;
            Close();
        }
    }

    private void Flush()
    {
        lock (_lock)
        {
            if (_isOver) return;
            _isDirty = false;
            try
            {
                _writer.Flush();
            }
            catch (IOException failure)
            {
                GiveUp(failure);
            }
        }
    }

    private void GiveUp(IOException failure)
    {
        _isOver = true;
        _complain($"{_path} ends here: {failure.Message}");
        Close();
    }

    private void Close()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException failure)
        {
            _complain($"{_path} is not whole: {failure.Message}");
        }
    }
}
