/* SPDX-License-Identifier: Apache-2.0 */
/* Idle - the smallest resident Java program: it wakes every 15 s and does nothing. */
public class Idle {
	public static void main(String[] args) throws InterruptedException {
		System.out.println("up");
		for (;;)
			Thread.sleep(15000);
	}
}
