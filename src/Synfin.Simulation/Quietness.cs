using System.Diagnostics;
using System.Globalization;

namespace Synfin.Simulation;

/// <summary>
/// Whether the process does anything, as far as can be seen from inside: the thread pool has nothing queued and finished nothing, and no
/// other thread runs or could run. On systems without Linux's /proc, the last of these is judged by the CPU time that was used.
/// </summary>
internal sealed class Quietness
{
    /// <summary>A process that uses less of one core than this is at rest.</summary>
    private const double IdleShare = 0.3;

    private const string Tasks = "/proc/self/task";

    private static readonly bool _seesThreads = File.Exists("/proc/thread-self/stat");

    /// <summary>How long the thread pool may owe, or have queued, what it was given. It adds threads twice a second.</summary>
    private static readonly TimeSpan _longestStarvation = TimeSpan.FromSeconds(3);

    private readonly byte[] _line = new byte[512];
    private long _since = Stopwatch.GetTimestamp();
    private TimeSpan _cpuSince = Environment.CpuUsage.TotalTime;
    private long _checkedAt;
    private long _finished;
    private TimeSpan _cpu;
    private int _forgiven;

    /// <summary>Something was noticed.</summary>
    public void Restart()
    {
        _since = Stopwatch.GetTimestamp();
        _cpuSince = Environment.CpuUsage.TotalTime;
        Sample();
    }

    /// <summary>Looks at the time since the last look. Called by one thread alone.</summary>
    /// <param name="quietTime">A shorter look says nothing.</param>
    /// <param name="maxQuietTime">
    /// So much CPU time after <see cref="Restart"/> it is called quiet, whatever else the process does. Where it gets no CPU, that is long.
    /// </param>
    /// <param name="owed">Code that the thread pool was given by the network and has not begun: it is waited for much longer.</param>
    public bool Check(TimeSpan quietTime, TimeSpan maxQuietTime, int owed)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_checkedAt);
        long finished = _finished;
        TimeSpan cpu = _cpu;
        if (elapsed < quietTime / 2) return false;
        Sample();
        bool isStarved = owed > _forgiven || ThreadPool.PendingWorkItemCount > 0;
        bool isAtRest = !isStarved && finished == _finished
            && (_seesThreads ? !AnotherThreadRuns() : _cpu - cpu < elapsed * IdleShare);
        // While the threads were looked at, one by one, work may have gone from one that was not seen yet to one that was.
        isAtRest = isAtRest && finished == ThreadPool.CompletedWorkItemCount && ThreadPool.PendingWorkItemCount == 0;
        if (isAtRest) return true;
        bool isSpent = !isStarved && Environment.CpuUsage.TotalTime - _cpuSince > maxQuietTime;
        TimeSpan limit = maxQuietTime < _longestStarvation ? _longestStarvation : maxQuietTime;
        if (!isSpent && Stopwatch.GetElapsedTime(_since) <= limit) return false;
        _forgiven = owed; // nobody awaits these, it seems: a result that is never taken is not to slow down all that follows
        return true;
    }

    private void Sample()
    {
        _checkedAt = Stopwatch.GetTimestamp();
        _finished = ThreadPool.CompletedWorkItemCount;
        if (!_seesThreads) _cpu = Environment.CpuUsage.TotalTime;
    }

    /// <summary>
    /// A thread that waits for a processor counts as well as one that has it; one that waits for the disk will go on, too.
    /// </summary>
    private bool AnotherThreadRuns()
    {
        int self = ReadThreadId();
        foreach (string task in Directory.EnumerateDirectories(Tasks))
        {
            if (int.Parse(Path.GetFileName(task.AsSpan()), CultureInfo.InvariantCulture) == self) continue;
            ReadOnlySpan<byte> line = ReadLine(Path.Combine(task, "stat"));
            // The name of the thread, in parentheses, may hold anything.
            int state = line.LastIndexOf((byte)')') + 2;
            if (state < line.Length && line[state] is (byte)'R' or (byte)'D') return true;
        }
        return false;
    }

    private int ReadThreadId()
    {
        ReadOnlySpan<byte> line = ReadLine("/proc/thread-self/stat");
        return int.Parse(line[..line.IndexOf((byte)' ')], CultureInfo.InvariantCulture);
    }

    /// <summary>Nothing, if the thread has ended meanwhile.</summary>
    private ReadOnlySpan<byte> ReadLine(string path)
    {
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
            return _line.AsSpan(0, RandomAccess.Read(file, _line, 0));
        }
        catch (IOException)
        {
            return default;
        }
    }
}
