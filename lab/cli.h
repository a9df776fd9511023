/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli - the commands of midlab, one row each in main.c, one file each.
 */
#ifndef LAB_CLI_H
#define LAB_CLI_H

/* The lab's folder: midlab -d DIR, else $MIDLAB_DIR, else "lab". */
const char *cli_dir(void);

/* ARGV[0] is the command's own name. Gives the exit status: 0 good, 1 failed,
 * 2 used wrongly (after complaining). */
int cmd_init(int argc, char **argv);
int cmd_cert(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_job(int argc, char **argv);
int cmd_table(int argc, char **argv);
int cmd_fault(int argc, char **argv);
int cmd_creds(int argc, char **argv);
int cmd_enroll(int argc, char **argv);
int cmd_discover(int argc, char **argv);
int cmd_schedule(int argc, char **argv);
int cmd_cluster(int argc, char **argv);
int cmd_report(int argc, char **argv);
#endif
